import type {
  Bridge,
  Call,
  CommandSummary,
  Inbound,
  Logger,
  MessageRef,
  Note,
  Pacing,
  Part,
  SessionCard,
  ThreadRef,
} from '@pocketping/core';
import type { Run } from '@pocketping/core/rendering';
import type { Update, UserFromGetMe } from 'grammy/types';
import type { Reader } from './parse.js';
import type { Telegram } from './telegram.js';

export type Advise = (advice: string) => void;

/** A chat in which the team answers: what differs between one with topics and one without. */
export interface Chat {
  /** What its bridge is called. */
  readonly name: string;
  /** Its id, as Telegram knows it now. */
  readonly id: string;
  /** Whether an id is its own, or was. */
  isAt(chatId: string): boolean;
  /** Requests about this chat. */
  readonly telegram: Telegram;
  readonly pacing: Pacing;
  readonly threadless?: true;
  readonly closing?: NonNullable<Bridge['closing']>;
  readonly titles?: NonNullable<Bridge['titles']>;
  /** Where it says what a person should know, as far as it learns of anything by itself. */
  logTo?(logger: Logger): void;
  /**
   * Finds out whether the bot can work there.
   * @param advise is told what would let it do more
   * @throws BridgeError saying what to click
   */
  check(bot: UserFromGetMe, advise: Advise, signal: AbortSignal): Promise<void>;
  /** What somebody of the team did, unless it is none of ours. Throws what it does not understand. */
  parse(update: Update, bot: Reader, commands: readonly CommandSummary[]): Inbound | undefined;
  open(card: SessionCard, call: Call): Promise<ThreadRef>;
  render(note: Note, card: SessionCard): Part[];
  /** What the bot says by itself, in a thread or outside of any. */
  remark(runs: readonly Run[], threadId: string | undefined): Part;
  /** Where to post. @throws BridgeError `thread_gone` for what cannot be a thread there */
  destination(thread: ThreadRef): Destination;
  /** Where to answer somebody. */
  whereToAnswer(to: MessageRef): Destination;
  /** The group has become another chat; the bot learned it from what Telegram said there. */
  follow?(chatId: string): void;
  /** Asks Telegram whether the group has become another chat, where it may have. @throws BridgeError `unavailable` */
  look?(signal: AbortSignal): Promise<void>;
}

/** @see https://core.telegram.org/bots/api#sendmessage */
export interface Destination {
  readonly chat_id: string;
  readonly message_thread_id?: number;
}
