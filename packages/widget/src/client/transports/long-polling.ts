import type { EventsResponse } from '@pocketping/protocol';
import { createApi } from '../api.js';
import { asPocketPingError, type PocketPingError } from '../errors.js';
import type { Carrier, Ending } from './carrier.js';

/** Seconds the server may hold a request back when it has nothing to tell. */
const WAIT_SECONDS = 25;

/** The log by `GET /events`, one waiting request after the other: what works where nothing else does. */
export const longPollingCarrier: Carrier = async (following) => {
  const { environment, signal } = following;
  const api = createApi(environment, following.endpoint, signal);
  // The first one does not wait: its answer is the sign of life.
  let wait = 0;
  try {
    while (!signal.aborted) {
      const query = { after: following.after(), wait };
      const page = await api.get<EventsResponse>('/events', query, following, wait * 1000);
      following.onLive();
      page.events.forEach(following.onFrame);
      following.onCursor(page.seq);
      wait = page.hasMore ? 0 : WAIT_SECONDS;
    }
    return { reason: 'lost' };
  } catch (error) {
    return endingOf(asPocketPingError(error));
  }
};

/** What an HTTP refusal means to a carrier. */
export const endingOf = (error: PocketPingError): Ending => ({
  reason: [401, 403, 404, 409].includes(error.status) ? 'refused' : 'lost',
  retryAfterMs: error.retryAfterMs,
});
