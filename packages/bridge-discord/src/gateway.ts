import { BridgeError } from '@pocketping/core';
import {
  Client,
  Events,
  GatewayCloseCodes,
  GatewayDispatchEvents,
  GatewayIntentBits,
  type ManagerShardEventsMap,
  Options,
} from 'discord.js';
import { CHECK_TOKEN, SWITCH_ON_CONTENT } from './advice.js';
import type { Discord } from './discord.js';
import { toBridgeError } from './errors.js';
import type { Settings } from './settings.js';
import { PromptThrottler, readSturdily, SturdySharding } from './sturdy.js';

/** What a connection tells. */
export interface GatewayHooks {
  /** An event, with its payload as Discord sent it. */
  heard(name: string, payload: unknown): void;
  /** Discord gave a sign of life, so that everything before was heard. */
  alive(): void;
  /** Something came that nobody could read. */
  unread(error?: unknown): void;
  /** It begins anew: what happened before is not told. */
  anew(): void;
  /** It is interrupted, and is being made again. */
  interrupted(): void;
  restored(): void;
  /** It is over, and only a person can change that. */
  over(error: BridgeError): void;
}

/** A connection to the gateway. */
export interface Line {
  readonly client: Client<true>;
  close(): Promise<void>;
}

/** The library has two enumerations of one name, and exports the other one. */
const SHARD = {
  hello: 'hello' as keyof ManagerShardEventsMap,
  heartbeat: 'heartbeat' as keyof ManagerShardEventsMap,
  dispatch: 'dispatch' as keyof ManagerShardEventsMap,
};

/** What a connection begins with says nothing about the one before. */
const isNews = (event: unknown): boolean =>
  (event as { readonly data?: { readonly t?: string } }).data?.t !== GatewayDispatchEvents.Ready;

const HEARD = [
  GatewayDispatchEvents.MessageCreate,
  GatewayDispatchEvents.MessageUpdate,
  GatewayDispatchEvents.MessageDelete,
  GatewayDispatchEvents.MessageDeleteBulk,
  GatewayDispatchEvents.TypingStart,
] as const;

/**
 * Connects, and resolves when the bot knows its servers and channels.
 * @param signal ends the attempt
 * @throws BridgeError
 * @see https://discord.com/developers/docs/events/gateway
 */
export const connect = async (
  settings: Settings,
  { restOptions }: Discord,
  hooks: GatewayHooks,
  signal: AbortSignal,
): Promise<Line> => {
  let closed = false;
  const unread = (error?: unknown) => closed || hooks.unread(error);
  const lost = (error: unknown) => closed || hooks.over(reasonOf(error, settings));
  const client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.GuildMessageTyping,
      GatewayIntentBits.MessageContent,
    ],
    rest: restOptions,
    allowedMentions: { parse: [] },
    makeCache: Options.cacheWithLimits(CACHES),
    ws: {
      buildStrategy: (sockets) => {
        // The library goes on connecting again when it is told to stop between two attempts.
        sockets.on(SHARD.hello, () => closed && void sockets.destroy());
        sockets.on(SHARD.heartbeat, () => hooks.alive());
        sockets.on(SHARD.dispatch, (event: unknown) => isNews(event) && hooks.alive());
        return new SturdySharding(sockets, { unread, lost });
      },
      buildIdentifyThrottler: async (sockets) => {
        const { session_start_limit } = await sockets.fetchGatewayInformation();
        return new PromptThrottler(session_start_limit.max_concurrency);
      },
    },
  });
  const line: Line = {
    client: client as Client<true>,
    close: async () => {
      closed = true;
      await client.destroy();
    },
  };
  readSturdily(client, unread);
  for (const name of HEARD) client.ws.on(name, (payload) => closed || hooks.heard(name, payload));
  client.ws.on(GatewayDispatchEvents.Ready, () => closed || hooks.anew());
  client.on(Events.ShardReconnecting, () => closed || hooks.interrupted());
  client.on(Events.ShardResume, () => closed || hooks.restored());
  client.on(Events.ShardReady, () => closed || hooks.restored());
  client.on(Events.ShardDisconnect, ({ code }) => closed || hooks.over(refused(code)));
  client.on(Events.ShardError, () => {});
  try {
    await loggedIn(client, settings.secret, signal);
    return line;
  } catch (error) {
    await line.close();
    throw reasonOf(error, settings);
  }
};

const loggedIn = (client: Client, token: string, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const giveUp = () =>
      reject(new BridgeError('unavailable', 'The connection to Discord was given up before it stood.'));
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    client.once(Events.ClientReady, () => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    });
    client.login(token).catch(reject);
  });

/** What the bridge looks up is what it needs to know; nobody's messages are kept. */
const CACHES = {
  ...Options.DefaultMakeCacheSettings,
  MessageManager: 0,
  ReactionManager: 0,
  PresenceManager: 0,
  VoiceStateManager: 0,
  GuildEmojiManager: 0,
  GuildStickerManager: 0,
  ThreadMemberManager: 0,
  GuildMemberManager: {
    maxSize: 1,
    keepOverLimit: ({ id, client }: { id: string; client: Client<true> }) => id === client.user.id,
  },
};

/** @see https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
const refused = (code: number): BridgeError => {
  switch (code) {
    case GatewayCloseCodes.DisallowedIntents:
      return new BridgeError('misconfigured', SWITCH_ON_CONTENT);
    case GatewayCloseCodes.AuthenticationFailed:
      return new BridgeError('unauthorized', CHECK_TOKEN);
    case GatewayCloseCodes.ShardingRequired:
      return new BridgeError(
        'misconfigured',
        'The bot is on so many servers that Discord requires sharding. Make an application of its own for PocketPing.',
      );
    default:
      return new BridgeError('unavailable', `Discord ended the connection with code ${code}.`);
  }
};

/** The library tells in words only why a connection was refused. */
const reasonOf = (error: unknown, settings: Settings): BridgeError => {
  if (error instanceof Error && /disallowed intents/i.test(error.message)) {
    return refused(GatewayCloseCodes.DisallowedIntents);
  }
  if (error instanceof Error && /invalid token|authentication failed/i.test(error.message)) {
    return refused(GatewayCloseCodes.AuthenticationFailed);
  }
  if (error instanceof Error && /sharding is required/i.test(error.message)) {
    return refused(GatewayCloseCodes.ShardingRequired);
  }
  const { secret, chatId: channelId } = settings;
  const call = {
    what: 'the connection',
    effect: false,
    sent: true,
    at: 'channel',
    channelId,
    secret,
  } as const;
  return toBridgeError(error, call);
};
