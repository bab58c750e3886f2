import {
  type Bridge,
  BridgeError,
  type BridgeHost,
  type Call,
  type Clock,
  type Instant,
  type MessageRef,
  type Note,
  type Pacing,
  type Part,
  type PostCall,
  type PostedRef,
  type SessionCard,
  systemClock,
  type ThreadRef,
} from '@pocketping/core';
import { shortened } from '@pocketping/core/rendering';
import type { RouteLike } from 'discord.js';
import { saidSince } from './catch-up.js';
import { idOf, isTooLarge, unlessArchived } from './desk.js';
import { type Discord, discord } from './discord.js';
import { download } from './download.js';
import { bodyInstead } from './files.js';
import { MESSAGE_LENGTH } from './limits.js';
import { Listening } from './listening.js';
import { bodyOf } from './markup.js';
import type { DiscordBridgeOptions } from './options.js';
import { PREFIX } from './parse.js';
import type { Ears, Room } from './room.js';
import { type Settings, settingsFrom } from './settings.js';
import { sharedRoom } from './shared-channel.js';
import { threadRoom } from './threads.js';
import { webhookRoom } from './webhook.js';

/**
 * PocketPing in Discord. With `botToken` and `channelId`: a thread for each conversation in a text or forum channel, or,
 * without threads, all of them in the channel. With `webhookUrl`: posts only.
 *
 * @example
 * new DiscordBridge({ botToken: 'MTk4NjIy…', channelId: '1234567890123456789' })
 * @see https://discord.com/developers/docs
 */
export class DiscordBridge implements Bridge {
  readonly name: string;
  readonly commandPrefix = PREFIX;
  readonly pacing: Pacing;
  readonly threadless?: true;
  readonly postsOnly?: true;
  readonly closing?: NonNullable<Bridge['closing']>;
  readonly titles?: NonNullable<Bridge['titles']>;
  readonly typing?: NonNullable<Bridge['typing']>;
  readonly receipts?: NonNullable<Bridge['receipts']>;
  readonly catchUp?: NonNullable<Bridge['catchUp']>;
  readonly files?: NonNullable<Bridge['files']>;
  readonly #settings: Settings;
  readonly #discord: Discord;
  readonly #room: Room;
  #clock: Clock = systemClock;
  #listening: Listening | undefined;

  /** @throws BridgeError `misconfigured` for options that cannot work, saying what to change */
  constructor(options: DiscordBridgeOptions) {
    const settings = settingsFrom(options);
    const api = discord(settings, () => this.#clock.now());
    const room = ROOMS[settings.kind](api, settings);
    this.#settings = settings;
    this.#discord = api;
    this.#room = room;
    this.name = settings.name;
    this.pacing = room.pacing;
    if (room.threadless) this.threadless = true;
    if (settings.kind === 'webhook') this.postsOnly = true;
    if (room.closing) this.closing = room.closing;
    if (room.titles) this.titles = room.titles;
    if (room.ears) {
      this.typing = this.#typing();
      this.receipts = this.#receipts();
      this.catchUp = this.#catchUp(room.ears);
      this.files = { fetch: (ref, { signal }) => download(api, settings, ref, signal) };
    }
  }

  /** A webhook is only looked at; a bot listens from now on. */
  async start(host: BridgeHost): Promise<void> {
    this.#clock = host.clock;
    const { ears } = this.#room;
    if (!ears) return this.#checkWebhook(AbortSignal.timeout(PATIENCE_MS));
    const before = this.#listening;
    // At once, so that whoever stops it in the same breath stops this start.
    const listening = new Listening(this.#settings, this.#discord, ears, host);
    this.#listening = listening;
    await before?.end();
    await listening.begin();
    if (this.#listening !== listening) {
      throw new BridgeError('unavailable', 'The bridge was stopped while it started.');
    }
  }

  async stop(): Promise<void> {
    const listening = this.#listening;
    this.#listening = undefined;
    await listening?.end();
  }

  open(card: SessionCard, call: Call): Promise<ThreadRef> {
    return this.#room.open(card, call);
  }

  render(note: Note, card: SessionCard): Part[] {
    return this.#room.render(note, card);
  }

  /** Discord itself makes an archived thread active again. */
  async post(thread: ThreadRef, part: Part, call: PostCall): Promise<PostedRef> {
    const platformId = await this.#posted(thread, part, call);
    return { ...thread, platformId };
  }

  async #posted(thread: ThreadRef, part: Part, { open, ...call }: PostCall): Promise<string> {
    const { desk } = this.#room;
    const { file } = part;
    if (!file || !open) return desk.post(thread, bodyOf(part, call.plain), call);
    try {
      const { name, mimeType, size } = file;
      const upload = { name, mimeType, size, bytes: await open() };
      return await desk.post(thread, bodyOf(part, call.plain), { ...call, file: upload });
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      return desk.post(thread, bodyInstead(part, file, call.plain), call);
    }
  }

  async answer(to: MessageRef, text: string, { signal }: Call): Promise<void> {
    const part = this.#room.remark([{ text: shortened(text, ANSWER_LENGTH) }], to.threadId);
    await this.#room.desk.post(to, bodyOf(part, false), { replyTo: to, signal });
  }

  readonly editing: NonNullable<Bridge['editing']> = {
    edit: (posted, part, { plain, signal }) => this.#room.desk.edit(posted, bodyOf(part, plain), { signal }),
    remove: (posted, call) => {
      this.#listening?.removing(posted.platformId);
      return this.#room.desk.remove(posted, call);
    },
  };

  /** Whether Discord answers, and the bot sees its channel, or the webhook is there. What else it may not do, posts tell. */
  readonly access: NonNullable<Bridge['access']> = {
    check: async ({ signal }) => {
      if (!this.#room.ears) return this.#checkWebhook(signal);
      const path: RouteLike = `/channels/${this.#settings.chatId}`;
      await this.#discord.ask({ method: 'GET', path, at: 'channel' }, signal);
    },
  };

  #typing(): NonNullable<Bridge['typing']> {
    return {
      show: async (thread, { signal }) => {
        const { at, channelId } = this.#whereIs(thread);
        const typing = { method: 'POST', path: `/channels/${channelId}/typing`, at } as const;
        await unlessArchived(this.#discord.act(typing, signal));
      },
    };
  }

  #receipts(): NonNullable<Bridge['receipts']> {
    return {
      mark: async (posted, state, { signal }) => {
        const { at, channelId } = this.#whereIs(posted);
        const message = idOf(posted.platformId, 'message_gone');
        const emoji = encodeURIComponent(RECEIPTS[state]);
        const path: RouteLike = `/channels/${channelId}/messages/${message}/reactions/${emoji}/@me`;
        await unlessArchived(this.#discord.act({ method: 'PUT', path, at }, signal));
      },
    };
  }

  #catchUp({ hearing }: Ears): NonNullable<Bridge['catchUp']> {
    const { chatId: channelId, kind } = this.#settings;
    return {
      since: async function* (this: DiscordBridge, after: Instant, { signal }: Call) {
        const listening = this.#listening;
        if (!listening) throw new BridgeError('unavailable', 'The bridge has not started.');
        const { clock, commands, deafSince } = listening;
        const threads = kind === 'threads';
        const ground = { discord: this.#discord, channelId, threads, hearing, commands, clock };
        yield* saidSince(ground, Math.min(after, deafSince ?? after), signal);
        listening.caughtUp(deafSince);
      }.bind(this),
    };
  }

  #whereIs({ chatId, threadId }: { readonly chatId: string; readonly threadId?: string }) {
    if (this.threadless || threadId === undefined) {
      return { at: 'channel', channelId: idOf(chatId, 'thread_gone') } as const;
    }
    return { at: 'thread', channelId: idOf(threadId, 'thread_gone') } as const;
  }

  async #checkWebhook(signal: AbortSignal): Promise<void> {
    const { chatId, secret } = this.#settings;
    const path: RouteLike = `/webhooks/${chatId}/${secret}`;
    await this.#discord.ask({ method: 'GET', path, at: 'webhook' }, signal);
  }
}

const ROOMS = { threads: threadRoom, shared: sharedRoom, webhook: webhookRoom } as const;

const RECEIPTS = { delivered: '✅', read: '👀' } as const;

/** Half, so that there is room for what escaping adds. */
const ANSWER_LENGTH = MESSAGE_LENGTH / 2;

const PATIENCE_MS = 15_000;
