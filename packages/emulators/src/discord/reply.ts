import type { FaultKind, FaultRule } from '../telegram/faults.js';
import { badGateway, type Reply } from '../telegram/reply.js';
import { DiscordApiError, unauthorized } from './errors.js';
import type { Admission } from './limits.js';

/** @param value undefined: 204, and no body */
export const answered = (value: unknown, headers: Readonly<Record<string, string>> = {}): Reply =>
  value === undefined
    ? { end: 'answer', status: 204, type: 'text/html; charset=utf-8', body: '', headers }
    : json(200, value, headers);

/** What Discord says to a request that it refuses; anything but a DiscordApiError is a fault of the emulator's own. */
export const refused = (error: unknown, headers: Readonly<Record<string, string>> = {}): Reply => {
  const { status, code, message, errors } =
    error instanceof DiscordApiError ? error : new DiscordApiError(500, 0, '500: Internal Server Error');
  return json(status, { message, code, ...(errors === undefined ? {} : { errors }) }, headers);
};

/** @see https://discord.com/developers/docs/topics/rate-limits#exceeding-a-rate-limit */
export const tooMany = ({ waitMs, global, headers }: Admission): Reply =>
  json(
    429,
    { message: 'You are being rate limited.', retry_after: waitMs / 1000, global },
    {
      ...headers,
      'retry-after': String(Math.ceil(waitMs / 1000)),
      'x-ratelimit-scope': global ? 'global' : 'user',
    },
  );

/** What a fault has Discord say instead. */
export const wording = (rule: FaultRule, kind: FaultKind): Reply | undefined => {
  switch (kind) {
    case 'rate_limit': {
      const seconds = rule.retryAfter ?? 1;
      const headers = {
        'x-ratelimit-limit': '5',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset-after': String(seconds),
        'x-ratelimit-bucket': 'abcd1234abcd1234abcd1234abcd1234',
      };
      return tooMany({ waitMs: seconds * 1000, global: false, headers });
    }
    case 'server_error':
      return refused(new DiscordApiError(500, 0, '500: Internal Server Error'));
    case 'bad_gateway_html':
      return badGateway();
    case 'unauthorized':
      return refused(unauthorized());
    case 'refuse':
      return refused(
        new DiscordApiError(rule.status ?? 400, rule.code ?? 50035, rule.description ?? 'Refused'),
      );
    default:
      return undefined;
  }
};

const json = (status: number, value: unknown, headers: Readonly<Record<string, string>>): Reply => ({
  end: 'answer',
  status,
  type: 'application/json',
  body: JSON.stringify(value),
  headers,
});
