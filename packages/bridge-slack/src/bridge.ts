import {
  type Bridge,
  BridgeError,
  type BridgeHost,
  type Call,
  type MessageRef,
  type Note,
  type Pacing,
  type Part,
  type PostCall,
  type PostedRef,
  type SessionCard,
  type ThreadRef,
} from '@pocketping/core';
import { ChannelSeat } from './channel-seat.js';
import type { SlackBridgeOptions } from './options.js';
import { settingsFrom } from './settings.js';
import { WebhookSeat } from './webhook-seat.js';

/**
 * PocketPing in Slack. With a bot: a message in its channel for each conversation, and the conversation in that message's
 * thread. With `webhookUrl`: posts only.
 *
 * @example
 * new SlackBridge({ botToken: 'xoxb-…', channelId: 'C0123456789', signingSecret: '…' })
 * @see https://docs.slack.dev/apis/web-api
 */
export class SlackBridge implements Bridge {
  readonly name: string;
  readonly pacing: Pacing;
  readonly threadless?: true;
  readonly postsOnly?: true;
  readonly editing?: NonNullable<Bridge['editing']>;
  readonly closing?: NonNullable<Bridge['closing']>;
  readonly titles?: NonNullable<Bridge['titles']>;
  readonly receipts?: NonNullable<Bridge['receipts']>;
  readonly access?: NonNullable<Bridge['access']>;
  readonly reconcile?: NonNullable<Bridge['reconcile']>;
  readonly catchUp?: NonNullable<Bridge['catchUp']>;
  readonly files?: NonNullable<Bridge['files']>;
  readonly webhook?: NonNullable<Bridge['webhook']>;
  readonly #seat: ChannelSeat | WebhookSeat;
  #running: { readonly stop: AbortController; readonly begun: Promise<unknown> } | undefined;

  /** @throws BridgeError `misconfigured` for options that cannot work, saying what to change */
  constructor(options: SlackBridgeOptions) {
    const settings = settingsFrom(options);
    this.name = settings.name;
    this.pacing = settings.pacing;
    const seat = settings.kind === 'bot' ? new ChannelSeat(settings) : new WebhookSeat(settings);
    this.#seat = seat;
    if (settings.kind !== 'bot') this.postsOnly = true;
    Object.assign(this, seat.capabilities);
  }

  /** What mentions the bot, as people type it. */
  get commandPrefix(): string {
    return `@${this.#seat.botName} `;
  }

  async start(host: BridgeHost): Promise<void> {
    const stop = new AbortController();
    const begun = this.stop().then(() => {
      if (stop.signal.aborted)
        throw new BridgeError('unavailable', 'The bridge was stopped while it started.');
      return this.#seat.begin(host, stop.signal);
    });
    // At once, so that whoever stops it in the same breath stops this start.
    this.#running = { stop, begun: begun.catch(() => {}) };
    await begun;
  }

  async stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    running.stop.abort();
    await running.begun;
    await this.#seat.end();
    if (this.#running === running) this.#running = undefined;
  }

  open(card: SessionCard, call: Call): Promise<ThreadRef> {
    return this.#seat.open(card, call);
  }

  render(note: Note, card: SessionCard): Part[] {
    return this.#seat.render(note, card);
  }

  post(thread: ThreadRef, part: Part, call: PostCall): Promise<PostedRef> {
    return this.#seat.post(thread, part, call);
  }

  answer(to: MessageRef, text: string, call: Call): Promise<void> {
    return this.#seat.answer(to, text, call);
  }
}
