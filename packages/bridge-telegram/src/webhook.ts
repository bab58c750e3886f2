import {
  BridgeError,
  type Logger,
  mayBeJson,
  type WebhookReceiver,
  type WebhookRequest,
} from '@pocketping/core';
import type { Update, WebhookInfo } from 'grammy/types';
import type { Listener } from './listener.js';
import type { Webhook } from './settings.js';
import type { Telegram } from './telegram.js';
import { isGenuine } from './verify.js';
import { updateFrom } from './well-formed.js';

/** The kinds of updates that are asked for. @see https://core.telegram.org/bots/api#update */
export const ALLOWED_UPDATES = ['message', 'edited_message'] as const;

/**
 * Has Telegram call us: over one connection at a time, so that its updates keep their order. What waits there is kept.
 * @see https://core.telegram.org/bots/api#setwebhook
 */
export const setWebhook = async (
  telegram: Telegram,
  { url, secret }: Webhook,
  signal: AbortSignal,
): Promise<void> => {
  const webhook = {
    url,
    secret_token: secret,
    allowed_updates: ALLOWED_UPDATES,
    max_connections: 1,
    drop_pending_updates: false,
  };
  await telegram.ask((api, signal) => api.setWebhook(webhook, signal), signal);
};

/** Telegram answers no polling while a webhook is set. @see https://core.telegram.org/bots/api#getupdates */
export const leaveWebhook = async (
  telegram: Telegram,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> => {
  const { url } = await telegram.ask((api, signal) => api.getWebhookInfo(signal), signal);
  if (!url) return;
  await telegram.ask((api, signal) => api.deleteWebhook({ drop_pending_updates: false }, signal), signal);
  logger.warn({}, 'Removed the webhook of the Telegram bot, because a bot with a webhook cannot be polled');
};

/**
 * Takes what Telegram sends: 401 without the secret, 415 for what says that it is no JSON, 400 for what is no update, 503
 * when the update was not taken, so that Telegram sends it again.
 * @param take resolves when the update has been dealt with
 */
export const receiver =
  (secret: string, take: (update: Update) => Promise<void>, logger: Logger): WebhookReceiver =>
  async (request) => {
    if (!isGenuine(request, secret)) return { status: 401 };
    if (!mayBeJson(request.headers)) return { status: 415 };
    const update = updateIn(request.body);
    if (!update) return { status: 400 };
    try {
      await take(update);
      return { status: 200 };
    } catch (err) {
      logger.warn(
        { err, updateId: update.update_id },
        'A Telegram update could not be stored; it comes again',
      );
      return { status: 503 };
    }
  };

/** How often Telegram is asked whether it reaches us. */
const LOOK_MS = 60_000;

/**
 * Asks Telegram now and then whether it reaches us, for nobody else would notice that it does not. Never rejects.
 * @see https://core.telegram.org/bots/api#webhookinfo
 */
export const watchWebhook = async (
  telegram: Telegram,
  { url }: Webhook,
  { clock, logger, broken, healed }: Listener,
  signal: AbortSignal,
): Promise<void> => {
  let last: WebhookInfo | undefined;
  let failing = false;
  while (!signal.aborted) {
    try {
      const info = await telegram.ask((api, signal) => api.getWebhookInfo(signal), signal);
      const problem = problemIn(info, last, url);
      if (problem) broken(new BridgeError('misconfigured', problem));
      else if (failing && info.url === url && info.pending_update_count === 0) healed();
      failing = problem !== undefined || (failing && info.pending_update_count > 0);
      last = info;
    } catch (error) {
      if (signal.aborted) return;
      logger.debug({ err: error }, 'Telegram did not tell how its webhook is');
      if (BridgeError.isInstance(error) && error.code === 'unauthorized') broken(error);
    }
    await clock.sleep(LOOK_MS, signal);
  }
};

/** @param last what Telegram said when it was asked before: an older failure may have been mended since */
const problemIn = (info: WebhookInfo, last: WebhookInfo | undefined, url: string): string | undefined => {
  if (info.url !== url) {
    return `The bot's webhook was ${info.url ? 'changed' : 'removed'} by somebody else, so nothing the team writes arrives here. Give that other service its own bot, and restart this one.`;
  }
  const isNew = last !== undefined && info.last_error_date !== last.last_error_date;
  if (!isNew || info.pending_update_count === 0) return undefined;
  return `Telegram cannot deliver what the team writes to ${url}: "${info.last_error_message}". Check that webhook.url leads to PocketPing's /webhooks/ route, and that it can be reached from outside. Updates that wait: ${info.pending_update_count}.`;
};

const updateIn = (body: WebhookRequest['body']): Update | undefined =>
  updateFrom(typeof body === 'object' && 'parsed' in body ? body.parsed : parsed(body));

const parsed = (body: Uint8Array | string): unknown => {
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
};
