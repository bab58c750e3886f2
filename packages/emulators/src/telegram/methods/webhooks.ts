import { flag, integer, text } from '../params.js';
import { webhookAt } from '../webhook-url.js';
import type { Method } from './method.js';
import { allowedUpdates } from './polling.js';

/** An empty `url` removes the webhook. @see https://core.telegram.org/bots/api#setwebhook */
export const setWebhook: Method = (context, params) => {
  const { state, updates, poller, webhook } = context;
  const url = text(params, 'url')?.trim() ?? '';
  if (url === '') return deleteWebhook(context, params);
  const next = webhookAt({
    url,
    secretToken: text(params, 'secret_token'),
    maxConnections: integer(params, 'max_connections'),
  });
  const allowed = allowedUpdates(params);
  if (allowed) state.allowedUpdates = allowed;
  if (flag(params, 'drop_pending_updates')) updates.drop();
  poller.terminate();
  webhook.set(next);
  return true;
};

/** @see https://core.telegram.org/bots/api#deletewebhook */
export const deleteWebhook: Method = ({ updates, webhook }, params) => {
  if (flag(params, 'drop_pending_updates')) updates.drop();
  webhook.remove();
  return true;
};

/** @see https://core.telegram.org/bots/api#webhookinfo */
export const getWebhookInfo: Method = ({ state, updates }) => {
  const { webhook, allowedUpdates } = state;
  return {
    url: webhook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: updates.pending,
    ...(webhook ? { max_connections: webhook.maxConnections } : {}),
    ...(webhook?.lastErrorDate === undefined
      ? {}
      : { last_error_date: webhook.lastErrorDate, last_error_message: webhook.lastErrorMessage }),
    ...(allowedUpdates.length > 0 ? { allowed_updates: allowedUpdates } : {}),
  };
};
