import type { Pacing } from '@pocketping/core';
import { nameFrom, pacingFrom } from '@pocketping/core/bridging';
import type { DiscordBridgeOptions } from './options.js';
import { wrong } from './wrong.js';

/** The options, checked, with their defaults. */
export interface Settings {
  readonly kind: 'threads' | 'shared' | 'webhook';
  readonly name: string;
  /** Bot's token, or the webhook's: what appears in no message. */
  readonly secret: string;
  /** The channel; for a webhook, the webhook's id, for it alone knows its channel. */
  readonly chatId: string;
  /** The thread of its channel that a webhook posts to. */
  readonly threadId?: string;
  readonly apiRoot: string;
  readonly showUrl: boolean;
  readonly showMetadata: boolean;
  readonly pacing: Pacing | undefined;
  readonly fetch: typeof fetch;
}

/** @throws BridgeError `misconfigured`, saying what to change; it never repeats a token. */
export const settingsFrom = (options: DiscordBridgeOptions): Settings => {
  const shared = {
    name: nameFrom(options.name ?? 'discord', wrong),
    showUrl: options.showUrl ?? true,
    showMetadata: options.showMetadata ?? true,
    pacing: options.pacing && pacingFrom(options.pacing, wrong),
    fetch: options.fetch ?? ((...request: Parameters<typeof fetch>) => fetch(...request)),
  };
  if (!isSet(options.webhookUrl)) {
    const { botToken, channelId, useThreads = true, apiRoot } = options;
    return {
      ...shared,
      kind: useThreads ? 'threads' : 'shared',
      secret: tokenFrom(botToken),
      chatId: channelFrom(channelId),
      apiRoot: apiRootFrom(apiRoot),
    };
  }
  if (isSet(options.botToken) || isSet(options.channelId)) {
    throw wrong(
      'webhookUrl is set together with botToken or channelId. Set webhookUrl alone to send only, or botToken and channelId to answer from Discord.',
    );
  }
  return { ...shared, kind: 'webhook', ...webhookFrom(options.webhookUrl as string) };
};

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

const tokenFrom = (value: unknown): string => {
  const token = typeof value === 'string' ? value.trim().replace(/^Bot\s+/i, '') : '';
  if (token === '') {
    throw wrong(
      'botToken is missing: open https://discord.com/developers/applications, choose your application → Bot → Reset Token, and pass what it shows.',
    );
  }
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
    throw wrong(
      'botToken does not look like a bot token, which is three parts with dots between them: copy it again from your application → Bot → Reset Token. The client secret and the public key are something else.',
    );
  }
  return token;
};

const channelFrom = (value: unknown): string => {
  if (!isSet(value)) throw wrong(`channelId is missing: ${FIND_CHANNEL_ID}`);
  if (typeof value === 'number') {
    throw wrong('channelId has lost digits as a number: pass it as a string, "1234567890123456789".');
  }
  const id = String(value).trim();
  if (!/^\d{15,20}$/.test(id)) {
    throw wrong(`channelId is "${id}", but a channel's id is 17 to 20 digits: ${FIND_CHANNEL_ID}`);
  }
  return id;
};

const FIND_CHANNEL_ID =
  'in Discord switch on User Settings → Advanced → Developer Mode, then right-click the channel → Copy Channel ID.';

const apiRootFrom = (value: string | undefined): string => {
  if (value === undefined || value === '') return 'https://discord.com/api';
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    throw wrong('apiRoot must be an http or https address, e.g. "https://discord.com/api".');
  }
  return value.replace(/\/+$/, '').replace(/\/v\d+$/, '');
};

/** @see https://discord.com/developers/docs/resources/webhook#webhook-object */
const webhookFrom = (url: string): Pick<Settings, 'secret' | 'chatId' | 'threadId' | 'apiRoot'> => {
  const found = /^(https?:\/\/[^/?#]+\/api)(?:\/v\d+)?\/webhooks\/(\d{15,20})\/([\w-]+)\/?(?:\?(.*))?$/.exec(
    url.trim(),
  );
  if (!found) {
    throw wrong(
      'webhookUrl is not the address of a webhook, "https://discord.com/api/webhooks/…/…": in Discord open the channel’s settings → Integrations → Webhooks → New Webhook → Copy Webhook URL.',
    );
  }
  const [, apiRoot = '', chatId = '', secret = '', query] = found;
  const threadId = new URLSearchParams(query).get('thread_id');
  if (threadId === null) return { apiRoot, chatId, secret };
  if (!/^\d{15,20}$/.test(threadId)) {
    throw wrong(
      'webhookUrl ends in a thread_id that is none: in Discord right-click the thread → Copy Thread ID, which is 17 to 20 digits.',
    );
  }
  return { apiRoot, chatId, secret, threadId };
};
