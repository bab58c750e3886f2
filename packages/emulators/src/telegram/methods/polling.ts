import { badRequest } from '../errors.js';
import { integer, type Params, structure } from '../params.js';
import type { Method } from './method.js';

/** The platform holds a poll for 50 seconds at most. */
const LONGEST_POLL_SECONDS = 50;

/** @see https://core.telegram.org/bots/api#getupdates */
export const getUpdates: Method = ({ poller, signal }, params) => {
  const limit = integer(params, 'limit') ?? 100;
  return poller.poll({
    offset: integer(params, 'offset') ?? 0,
    limit: Math.min(Math.max(limit, 1), 100),
    timeoutMs: Math.min(Math.max(integer(params, 'timeout') ?? 0, 0), LONGEST_POLL_SECONDS) * 1000,
    allowedUpdates: allowedUpdates(params),
    signal,
  });
};

/** The types of updates asked for, if the call says. */
export function allowedUpdates(params: Params): string[] | undefined {
  const list = structure(params, 'allowed_updates');
  if (list === undefined) return undefined;
  if (!Array.isArray(list)) throw badRequest("can't parse allowed_updates JSON object");
  return list.filter((type): type is string => typeof type === 'string').map((type) => type.toLowerCase());
}
