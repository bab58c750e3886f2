import type { Pacing } from '@pocketping/core';
import { nameFrom, pacingFrom } from '@pocketping/core/bridging';
import { PACING } from './limits.js';
import type { SlackBridgeOptions } from './options.js';
import { wrong } from './wrong.js';

/** The options, checked, with their defaults. */
export type Settings = BotSettings | WebhookSettings;

interface CommonSettings {
  readonly name: string;
  readonly showUrl: boolean;
  readonly showMetadata: boolean;
  readonly pacing: Pacing;
  readonly fetch: typeof globalThis.fetch;
}

export interface BotSettings extends CommonSettings {
  readonly kind: 'bot';
  readonly botToken: string;
  readonly channelId: string;
  readonly ear: Ear;
  readonly apiUrl: string;
}

/** How it is heard what the team says. */
export type Ear =
  | { readonly kind: 'events'; readonly signingSecret: string }
  | { readonly kind: 'socket'; readonly appToken: string };

export interface WebhookSettings extends CommonSettings {
  readonly kind: 'webhook';
  readonly webhookUrl: string;
}

/** @throws BridgeError `misconfigured`, saying what to change; it never repeats a secret. */
export const settingsFrom = (options: SlackBridgeOptions): Settings => {
  const common: CommonSettings = {
    name: nameFrom(options.name ?? 'slack', wrong),
    showUrl: options.showUrl ?? true,
    showMetadata: options.showMetadata ?? true,
    pacing: options.pacing ? pacingFrom(options.pacing, wrong) : PACING,
    // Looked up at each call, so that whoever replaces it later is heard.
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
  };
  const [webhookUrl, botToken] = [given(options.webhookUrl), given(options.botToken)];
  if (webhookUrl !== '' && botToken !== '') {
    throw wrong(
      'botToken and webhookUrl are both set. A webhook only posts: remove it to answer from Slack.',
    );
  }
  if (webhookUrl !== '') return { kind: 'webhook', ...common, webhookUrl: webhookUrlFrom(webhookUrl) };
  return {
    kind: 'bot',
    ...common,
    botToken: botTokenFrom(botToken),
    channelId: channelIdFrom(given(options.channelId)),
    ear: earFrom(given(options.appToken), given(options.signingSecret)),
    apiUrl: apiUrlFrom(given(options.apiUrl)),
  };
};

/** An unset variable is none. */
const given = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

const APPS = 'At https://api.slack.com/apps open your app';

const botTokenFrom = (token: string): string => {
  if (token === '') {
    throw wrong(
      `botToken is missing. ${APPS} → OAuth & Permissions, and copy the Bot User OAuth Token. (To post only, set webhookUrl instead.)`,
    );
  }
  if (!token.startsWith('xoxb-')) {
    throw wrong(
      `botToken does not begin with xoxb-: it must be the Bot User OAuth Token. ${APPS} → OAuth & Permissions.`,
    );
  }
  return token;
};

const channelIdFrom = (id: string): string => {
  const where =
    'In Slack open the channel, click its name, and copy the Channel ID at the bottom of the tab About.';
  if (id === '') throw wrong(`channelId is missing. ${where}`);
  if (!/^[CG][A-Z0-9]{2,}$/.test(id)) {
    throw wrong(`channelId "${id}" is not a channel's id, which looks like C0123456789. ${where}`);
  }
  return id;
};

const earFrom = (appToken: string, signingSecret: string): Ear => {
  if (appToken !== '') {
    if (!appToken.startsWith('xapp-')) {
      throw wrong(
        `appToken does not begin with xapp-. ${APPS} → Basic Information → App-Level Tokens, and make one with the scope connections:write.`,
      );
    }
    return { kind: 'socket', appToken };
  }
  if (signingSecret === '') {
    throw wrong(
      `signingSecret or appToken is missing. Where Slack can reach your server: ${APPS} → Basic Information → Signing Secret. Where it cannot: App-Level Tokens on the same page, with the scope connections:write.`,
    );
  }
  return { kind: 'events', signingSecret };
};

const apiUrlFrom = (url: string): string => {
  if (url === '') return 'https://slack.com/api/';
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw wrong('apiUrl must be an http or https address, e.g. "https://slack.com/api/".');
  }
  return url.endsWith('/') ? url : `${url}/`;
};

const webhookUrlFrom = (url: string): string => {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return url;
  throw wrong(
    `webhookUrl must be the address that Slack gave you, https://hooks.slack.com/services/…. ${APPS} → Incoming Webhooks → Add New Webhook.`,
  );
};

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
