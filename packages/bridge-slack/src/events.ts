import {
  type BridgeHost,
  mayBeJson,
  type WebhookReceiver,
  type WebhookRequest,
  type WebhookResponse,
} from '@pocketping/core';
import { type Fields, fieldsOf, textOf } from './content.js';
import { kindOf } from './hearing.js';
import { isGenuine } from './verify.js';

/**
 * Takes what Slack sends by HTTP: 401 without its signature, 415 for what says that it is no JSON, 400 for what is no event,
 * 503 when the event was not taken, or not in time, so that Slack sends it again.
 * @param take resolves when the event has been dealt with
 * @see https://docs.slack.dev/apis/events-api
 */
export const receiver = (
  signingSecret: string,
  take: (event: Fields) => Promise<void>,
  host: BridgeHost,
): WebhookReceiver => {
  const noteRetry = retryNoter(host);
  return async (request) => {
    const raw = rawBody(request.body);
    if (!raw) {
      host.logger.error({}, PARSED_BEFORE);
      return { status: 401 };
    }
    if (!isGenuine(request, raw, signingSecret, host.clock.now())) return { status: 401 };
    if (!mayBeJson(request.headers)) return { status: 415 };
    const payload = payloadIn(raw);
    if (!payload) return { status: 400 };
    switch (payload.type) {
      case 'url_verification':
        return challenged(payload);
      case 'event_callback':
        // Afterwards: what comes again has waited long enough.
        return taken(
          fieldsOf(payload.event),
          RETRY in request.headers ? (event) => take(event).then(noteRetry) : take,
          host,
        );
      case 'app_rate_limited':
        // Slack holds events back for a while, and never sends them.
        host.missed();
        return { status: 200 };
      default:
        return { status: 400 };
    }
  };
};

/** Only a repeated event has it. @see https://docs.slack.dev/apis/events-api#retries */
const RETRY = 'x-slack-retry-num';

/** Milliseconds between two retries that count: while many events come again, one look at the channel does for all. */
const RETRY_NOTED_MS = 60_000;

/** An event that comes again did not get through before: others may have been given up. */
const retryNoter = (host: BridgeHost): (() => void) => {
  let notedAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = host.clock.now();
    if (Math.abs(now - notedAt) < RETRY_NOTED_MS) return;
    notedAt = now;
    host.missed();
  };
};

/**
 * Slack waits three seconds for an answer. Asking who wrote, what was missed that comes first, and a storage that hesitates
 * have this long together, so that a little is left for the way.
 * @see https://docs.slack.dev/apis/events-api#responding
 */
const ANSWER_WITHIN_MS = 2500;

const taken = async (
  event: Fields,
  take: (event: Fields) => Promise<void>,
  { logger, clock }: BridgeHost,
): Promise<WebhookResponse> => {
  if (event.type === undefined) return { status: 400 };
  const taking = take(event).then(
    () => ({ status: 200 }),
    (err: unknown) => {
      // Slack tries three times; what does not come again in a minute, the engine asks for.
      logger.warn({ err, ...kindOf(event) }, 'A Slack event could not be stored; it comes again');
      return NOT_TAKEN;
    },
  );
  return new Promise((answer) => {
    const cancel = clock.schedule(ANSWER_WITHIN_MS, () => {
      logger.debug(kindOf(event), 'A Slack event takes longer than Slack waits; it is still being stored');
      answer(NOT_TAKEN);
    });
    void taking.finally(cancel).then(answer);
  });
};

const NOT_TAKEN: WebhookResponse = { status: 503 };

const challenged = ({ challenge }: Fields): WebhookResponse =>
  typeof challenge === 'string' && challenge.length <= 1000
    ? { status: 200, headers: { 'content-type': 'text/plain' }, body: challenge }
    : { status: 400 };

const PARSED_BEFORE =
  'The body of a request from Slack was parsed before PocketPing saw it, so its signature cannot be checked. Mount PocketPing before express.json() and the like.';

const rawBody = (body: WebhookRequest['body']): Uint8Array | undefined => {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  return body instanceof Uint8Array ? body : undefined;
};

const payloadIn = (raw: Uint8Array): Fields | undefined => {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(raw));
    const fields = fieldsOf(value);
    return textOf(fields.type) === '' ? undefined : fields;
  } catch {
    return undefined;
  }
};
