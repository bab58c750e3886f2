import { tooManyRequests } from './errors.js';
import type { ChatType } from './state.js';

/**
 * How many messages a bot may send. "Avoid sending more than one message per second" in a chat, where "short bursts"
 * may pass; at most 20 a minute to a group, and about 30 a second to all chats together.
 * @see https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
 */
export interface Limits {
  /** 20 unless told. Topics do not count on their own: a forum is one group. */
  readonly perGroupPerMinute?: number;
  /** 1 unless told. Three in a row pass, then one at a time. */
  readonly perPrivateChatPerSecond?: number;
  /** 30 unless told. */
  readonly perBotPerSecond?: number;
}

/**
 * What counts: sending, editing, which "share the limit", and what leaves a service message, for "creating a forum topic
 * is sending a message about its creation". Deleting, reactions, "typing…" and reading do not.
 * @see https://github.com/tdlib/td/issues/2592
 * @see https://github.com/tdlib/td/issues/3034
 */
const counted: ReadonlySet<string> = new Set([
  'sendMessage',
  'sendPhoto',
  'sendDocument',
  'sendVideo',
  'sendAudio',
  'sendVoice',
  'sendAnimation',
  'editMessageText',
  'editMessageCaption',
  'createForumTopic',
  'editForumTopic',
  'closeForumTopic',
  'reopenForumTopic',
  'editGeneralForumTopic',
  'closeGeneralForumTopic',
  'reopenGeneralForumTopic',
  'hideGeneralForumTopic',
  'unhideGeneralForumTopic',
]);

const BURST = 3;

/** Counts what the bot sends, in any stretch of time. */
export class RateLimiter {
  /** How often the bot ran into a limit. */
  exceeded = 0;
  readonly #chats = new Map<number, Meter>();
  readonly #bot: Meter;

  constructor(
    private readonly limits: Limits,
    private readonly now: () => number,
  ) {
    this.#bot = new Window(limits.perBotPerSecond ?? 30, 1_000);
  }

  /**
   * Counts a call that was let through.
   * @throws ApiError 429 with the seconds after which there is room again
   */
  admit(method: string, chat: { readonly id: number; readonly type: ChatType } | undefined): void {
    if (!chat || !counted.has(method)) return;
    const meters = [this.#meterOf(chat), this.#bot];
    const now = this.now();
    const waitMs = Math.max(...meters.map((meter) => meter.roomInMs(now)));
    if (waitMs > 0) {
      this.exceeded += 1;
      throw tooManyRequests(Math.ceil(waitMs / 1000));
    }
    for (const meter of meters) meter.count(now);
  }

  #meterOf({ id, type }: { readonly id: number; readonly type: ChatType }): Meter {
    const known = this.#chats.get(id);
    if (known) return known;
    const { perPrivateChatPerSecond = 1, perGroupPerMinute = 20 } = this.limits;
    const meter =
      type === 'private'
        ? new Bucket(BURST, 1_000 / perPrivateChatPerSecond)
        : new Window(perGroupPerMinute, 60_000);
    this.#chats.set(id, meter);
    return meter;
  }
}

interface Meter {
  /** Milliseconds until one more fits; 0 if it does now. */
  roomInMs(now: number): number;
  count(now: number): void;
}

/** At most so many in any stretch of that length. */
class Window implements Meter {
  #times: number[] = [];

  constructor(
    private readonly most: number,
    private readonly lengthMs: number,
  ) {}

  roomInMs(now: number): number {
    this.#times = this.#times.filter((time) => time > now - this.lengthMs);
    const blocking = this.#times.at(-this.most);
    return blocking === undefined ? 0 : blocking + this.lengthMs - now;
  }

  count(now: number): void {
    this.#times.push(now);
  }
}

/** So many in a row, then one for each stretch of that length. */
class Bucket implements Meter {
  /** When it would be as good as new. */
  #emptyAt = 0;

  constructor(
    private readonly burst: number,
    private readonly everyMs: number,
  ) {}

  roomInMs(now: number): number {
    return Math.max(0, this.#emptyAt - now - (this.burst - 1) * this.everyMs);
  }

  count(now: number): void {
    this.#emptyAt = Math.max(this.#emptyAt, now) + this.everyMs;
  }
}
