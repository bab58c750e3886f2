import { between, type Random } from '../telegram/random.js';
import type { StoredChannel, StoredFile, StoredUser } from './types.js';

/** Everything the emulator remembers; plain data, so that it can be written to a file. */
export interface WorkspaceState {
  readonly version: 1;
  readonly platform: 'slack';
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly app: { readonly id: string; readonly botId: string; readonly botUserId: string };
  readonly secrets: SlackSecrets;
  /** What the bot's token may do. */
  scopes: readonly string[];
  readonly users: Map<string, StoredUser>;
  readonly channels: Map<string, StoredChannel>;
  /** Everything that was shared or uploaded; its bytes are elsewhere. */
  readonly files: Map<string, StoredFile>;
  /** The channel that the emulator began with. */
  readonly channelId: string;
  /** Microseconds of the newest `ts`, which no other one repeats. */
  newestMicros: number;
  nextId: number;
}

export interface SlackSecrets {
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  /** The last part of an incoming webhook's address. */
  readonly webhookKey: string;
}

/** What a bot needs here; more than it needs is harmless. */
const USUAL_SCOPES: readonly string[] = [
  'app_mentions:read',
  'channels:history',
  'channels:read',
  'chat:write',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'incoming-webhook',
  'reactions:write',
  'users:read',
];

export interface Identity {
  readonly botToken?: string | undefined;
  readonly appToken?: string | undefined;
  readonly signingSecret?: string | undefined;
  readonly channelId?: string | undefined;
  readonly channelName?: string | undefined;
  readonly teamName?: string | undefined;
  readonly botName?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
}

/** A workspace with one app, its bot, and one channel of which the bot is a member. */
export function newState(identity: Identity, random: Random, nowMs: number): WorkspaceState {
  const id = (prefix: string) => `${prefix}${letters(random, CAPITALS, 10)}`;
  const botName = identity.botName ?? 'PocketPing';
  const bot: StoredUser = {
    id: id('U'),
    name: botName.toLowerCase().replace(/[^a-z0-9]+/g, '_'),
    realName: botName,
    displayName: '',
    isBot: true,
  };
  const channel: StoredChannel = {
    id: identity.channelId ?? id('C'),
    name: identity.channelName ?? 'support',
    isPrivate: false,
    created: Math.floor(nowMs / 1000),
    isArchived: false,
    hasBot: true,
    messages: new Map(),
    reads: new Map(),
  };
  const teamName = identity.teamName ?? 'Acme';
  return {
    version: 1,
    platform: 'slack',
    team: { id: id('T'), name: teamName, domain: teamName.toLowerCase().replace(/[^a-z0-9]+/g, '-') },
    app: { id: id('A'), botId: id('B'), botUserId: bot.id },
    secrets: {
      botToken: identity.botToken ?? `xoxb-${digits(random, 12)}-${digits(random, 13)}-${key(random, 24)}`,
      appToken: identity.appToken ?? `xapp-1-${id('A')}-${digits(random, 13)}-${hex(random, 64)}`,
      signingSecret: identity.signingSecret ?? hex(random, 32),
      webhookKey: key(random, 24),
    },
    scopes: identity.scopes ?? USUAL_SCOPES,
    users: new Map([[bot.id, bot]]),
    channels: new Map([[channel.id, channel]]),
    files: new Map(),
    channelId: channel.id,
    newestMicros: 0,
    nextId: 1,
  };
}

/** An id that nothing else has, such as `U0P3K7Q2WX`. */
export const newId = (state: WorkspaceState, prefix: string): string =>
  `${prefix}0${(state.nextId++ * 7_919_999 + 60_466_176).toString(36).toUpperCase().padStart(9, '0')}`;

/**
 * The `ts` of something that happens now: later than everything before it.
 * @see https://docs.slack.dev/messaging/retrieving-messages#individual_messages
 */
export function newTs(state: WorkspaceState, nowMs: number): string {
  state.newestMicros = Math.max(Math.floor(nowMs) * 1000, state.newestMicros + 1);
  return tsOf(state.newestMicros);
}

const tsOf = (micros: number): string =>
  `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;

const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const letters = (random: Random, alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[between(random, 0, alphabet.length)]).join('');

const digits = (random: Random, length: number): string =>
  letters(random, '123456789', 1) + letters(random, '0123456789', length - 1);
const hex = (random: Random, length: number): string => letters(random, '0123456789abcdef', length);
const key = (random: Random, length: number): string =>
  letters(random, `${CAPITALS}abcdefghijklmnopqrstuvwxyz`, length);
