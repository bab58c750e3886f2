import {
  BridgeError,
  type BridgeHost,
  type Call,
  type MessageRef,
  type Note,
  type Part,
  type PostCall,
  type PostedRef,
  type SessionCard,
  type ThreadRef,
} from '@pocketping/core';
import { since } from './catch-up.js';
import { Channel } from './channel.js';
import { askWho, check, checkAccess, type Me } from './check.js';
import { receiver } from './events.js';
import { Hearing } from './hearing.js';
import { Names } from './names.js';
import { render } from './render.js';
import type { Capabilities, Seat } from './seat.js';
import type { BotSettings } from './settings.js';
import { type Slack, slack } from './slack.js';
import { listen } from './socket.js';
import { TeamFiles } from './team-files.js';
import { transfer } from './transfer.js';

/** A bot in its channel. */
export class ChannelSeat implements Seat {
  readonly capabilities: Capabilities;
  readonly #settings: BotSettings;
  readonly #slack: Slack;
  readonly #channel: Channel;
  readonly #hearing: Hearing;
  readonly #files: TeamFiles;
  #me: Me | undefined;
  #asking: Promise<Me> | undefined;
  #host: BridgeHost | undefined;
  #listening: Promise<void> = Promise.resolve();

  constructor(settings: BotSettings) {
    this.#settings = settings;
    this.#slack = slack(settings);
    this.#channel = new Channel(settings, this.#slack, () => this.#who());
    this.#files = new TeamFiles(this.#slack, transfer(settings));
    const names = new Names(this.#slack);
    this.#hearing = new Hearing({ channelId: settings.channelId, names, me: () => this.#who() });
    this.capabilities = this.#capabilities();
  }

  get botName(): string {
    return this.#me?.name ?? 'PocketPing';
  }

  async begin(host: BridgeHost, signal: AbortSignal): Promise<void> {
    this.#channel.logTo(host.logger);
    this.#me = await check(this.#slack, this.#settings, signal);
    this.#host = host;
    const { ear } = this.#settings;
    if (ear.kind === 'events') return;
    const take = (event: Parameters<Hearing['take']>[0]) => this.#hearing.take(event, host);
    const listening = { settings: this.#settings, appToken: ear.appToken, host, take, signal };
    const { ended } = await listen(listening);
    this.#listening = ended;
  }

  async end(): Promise<void> {
    await this.#listening;
    await this.#hearing.rest();
    this.#host = undefined;
  }

  open(card: SessionCard, call: Call): Promise<ThreadRef> {
    return this.#channel.open(card, call);
  }

  render(note: Note): Part[] {
    return render(note, this.#settings);
  }

  async post(thread: ThreadRef, part: Part, call: PostCall): Promise<PostedRef> {
    const { channelId } = this.#settings;
    if (thread.chatId !== channelId) {
      throw new BridgeError(
        'thread_gone',
        `The Slack thread is in ${thread.chatId}, and channelId is ${channelId}.`,
      );
    }
    return this.#channel.post(thread, part, call);
  }

  answer(to: MessageRef, text: string, call: Call): Promise<void> {
    return this.#channel.answer(to, text, call);
  }

  #capabilities(): Capabilities {
    const channel = this.#channel;
    const { ear } = this.#settings;
    return {
      editing: {
        edit: (posted, part, { plain, signal }) => channel.edit(posted, part, plain, signal),
        remove: (posted, { signal }) => channel.remove(posted, signal),
      },
      closing: {
        close: (thread, call) => channel.close(thread, call),
        reopen: (thread, call) => channel.reopen(thread, call),
      },
      titles: { rename: (thread, card, call) => channel.rename(thread, card, call) },
      receipts: { mark: (posted, state, { signal }) => channel.react(posted, RECEIPTS[state], true, signal) },
      access: {
        check: async ({ signal }) => {
          await checkAccess(this.#slack, this.#settings, signal);
        },
      },
      reconcile: { posted: (thread, nonce, { signal }) => channel.posted(thread, nonce, signal) },
      catchUp: { since: (after, { signal }) => this.#since(after, signal) },
      files: { fetch: (ref, { signal }) => this.#files.fetch(ref, signal) },
      ...(ear.kind === 'events' && {
        webhook: {
          receiver: (host: BridgeHost) =>
            receiver(ear.signingSecret, (event) => this.#hearing.take(event, host), host),
        },
      }),
    };
  }

  async *#since(after: number, signal: AbortSignal) {
    const host = this.#host;
    if (!host) throw new BridgeError('unavailable', 'The bridge has not started.');
    const { userId: botUserId } = await this.#who();
    const catching = {
      slack: this.#slack,
      settings: this.#settings,
      hearing: this.#hearing,
      botUserId,
      host,
    };
    yield* since(catching, after, signal);
  }

  /** Events that come together ask together, where the bridge was not started. */
  async #who(): Promise<Me> {
    if (this.#me) return this.#me;
    this.#asking ??= askWho(this.#slack, AbortSignal.timeout(ASKING_MS)).finally(() => {
      this.#asking = undefined;
    });
    this.#me = await this.#asking;
    return this.#me;
  }
}

/** Milliseconds that it may take to learn who the bot is: what somebody wrote should be stored while Slack waits for an answer. */
const ASKING_MS = 1500;

/** Emoji by their names. */
const RECEIPTS = { delivered: 'heavy_check_mark', read: 'eyes' } as const;
