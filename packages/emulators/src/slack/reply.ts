import { badGateway, type Reply } from '../telegram/reply.js';
import type { Wording } from '../telegram/undergo.js';
import { SlackApiError } from './errors.js';

export const json = (
  value: unknown,
  { status = 200, headers }: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): Reply => ({
  end: 'answer',
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
  ...(headers && { headers }),
});

/** What the platform says to a call that it refuses; anything but a SlackApiError is a fault of the emulator's own. */
export const refusal = (error: unknown): Reply =>
  error instanceof SlackApiError
    ? json({ ok: false, error: error.error, ...error.more })
    : json({ ok: false, error: 'fatal_error', detail: String(error) });

/**
 * @param seconds to wait
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */
const rateLimited = (seconds: number): Reply =>
  json({ ok: false, error: 'ratelimited' }, { status: 429, headers: { 'retry-after': String(seconds) } });

/** How the Web API words what strikes it. */
export const webApiWords: Wording = (rule, kind) => {
  switch (kind) {
    case 'rate_limit':
      return rateLimited(rule.retryAfter ?? 1);
    case 'server_error':
      return json({ ok: false, error: 'internal_error' }, { status: rule.code ?? 500 });
    case 'bad_gateway_html':
      return badGateway();
    case 'unauthorized':
      return json({ ok: false, error: 'invalid_auth' });
    case 'refuse':
      return json(
        { ok: false, error: rule.description ?? 'invalid_arguments' },
        { status: rule.code ?? 200 },
      );
    default:
      return undefined;
  }
};

/** How an incoming webhook words it: in plain text. */
export const webhookWords: Wording = (rule, kind) => {
  switch (kind) {
    case 'server_error':
      return plain('rollup_error', rule.code ?? 500);
    case 'unauthorized':
      return plain('invalid_token', 403);
    case 'refuse':
      return plain(rule.description ?? 'invalid_payload', rule.code ?? 400);
    default:
      return webApiWords(rule, kind);
  }
};

export const plain = (body: string, status: number): Reply => ({
  end: 'answer',
  status,
  type: 'text/html; charset=utf-8',
  body,
});
