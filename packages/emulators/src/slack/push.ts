import type { Clock } from '../telegram/clock.js';
import type { Attempt, Outcome, Transport } from './deliveries.js';
import { signatureOf, slackJson } from './payload.js';
import type { WorkspaceState } from './state.js';

/** Milliseconds within which the app has to answer. @see https://docs.slack.dev/apis/events-api#responding */
export const ANSWER_WITHIN_MS = 3_000;

export interface Pushing {
  readonly url: string;
  readonly state: WorkspaceState;
  readonly clock: Clock;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal;
}

/** Events by HTTP, signed. @see https://docs.slack.dev/apis/events-api#error-handling */
export const pushes = (pushing: Pushing): Transport => ({
  send: async (callback, { retry, reason }) => {
    const answer = await posted(pushing, callback, {
      ...(retry > 0 && { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': reason }),
    });
    return 'reason' in answer ? { taken: false, reason: answer.reason } : outcomeOf(answer);
  },
});

/** Asks an address whether it wants events. @see https://docs.slack.dev/reference/events/url_verification */
export const isVerified = async (pushing: Pushing, challenge: string): Promise<boolean> => {
  const answer = await posted(
    pushing,
    { token: 'one-long-verification-token', challenge, type: 'url_verification' },
    {},
  );
  if ('reason' in answer || answer.status !== 200) return false;
  return answer.body === challenge || answer.body.includes(`"${challenge}"`);
};

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly noRetry: boolean;
}

const outcomeOf = ({ status, noRetry }: Answer): Outcome =>
  status >= 200 && status < 300
    ? { taken: true }
    : { taken: false, reason: 'http_error', ...(noRetry && { final: true as const }) };

async function posted(
  { url, state, clock, fetch, closing }: Pushing,
  value: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<Answer | Pick<Attempt, 'reason'>> {
  const body = slackJson(value);
  const timestamp = String(Math.floor(clock.now() / 1000));
  const hangUp = new AbortController();
  const abort = () => hangUp.abort();
  closing.addEventListener('abort', abort);
  const cancel = clock.schedule(ANSWER_WITHIN_MS, abort);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'content-type': 'application/json',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signatureOf(state.secrets.signingSecret, timestamp, body),
        ...headers,
      },
      body,
      redirect: 'manual',
      signal: hangUp.signal,
    });
    const noRetry = response.headers.get('x-slack-no-retry') === '1';
    return { status: response.status, body: await response.text(), noRetry };
  } catch {
    return { reason: hangUp.signal.aborted ? 'http_timeout' : 'connection_failed' };
  } finally {
    cancel();
    closing.removeEventListener('abort', abort);
  }
}
