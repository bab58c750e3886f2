import { badRequest } from '../errors.js';
import { flag, integer, type Params, structure } from '../params.js';
import type { Method } from './method.js';

/** The platform holds a poll for 50 seconds at most. */
const LONGEST_POLL_SECONDS = 50;

/** @see https://core.telegram.org/bots/api#getupdates */
export const getUpdates: Method = ({ updates, signal }, params) => {
  const limit = integer(params, 'limit') ?? 100;
  return updates.poll({
    offset: integer(params, 'offset') ?? 0,
    limit: Math.min(Math.max(limit, 1), 100),
    timeoutMs: Math.min(Math.max(integer(params, 'timeout') ?? 0, 0), LONGEST_POLL_SECONDS) * 1000,
    allowedUpdates: allowedUpdates(params),
    signal,
  });
};

/** There never is a webhook here; what waits can be dropped. @see https://core.telegram.org/bots/api#deletewebhook */
export const deleteWebhook: Method = ({ updates }, params) => {
  if (flag(params, 'drop_pending_updates')) updates.drop();
  return true;
};

/** @see https://core.telegram.org/bots/api#getwebhookinfo */
export const getWebhookInfo: Method = ({ forum, updates }) => ({
  url: '',
  has_custom_certificate: false,
  pending_update_count: updates.pending,
  ...(forum.state.allowedUpdates.length > 0 ? { allowed_updates: forum.state.allowedUpdates } : {}),
});

function allowedUpdates(params: Params): string[] | undefined {
  const list = structure(params, 'allowed_updates');
  if (list === undefined) return undefined;
  if (!Array.isArray(list)) throw badRequest("can't parse allowed_updates JSON object");
  return list.filter((type): type is string => typeof type === 'string').map((type) => type.toLowerCase());
}
