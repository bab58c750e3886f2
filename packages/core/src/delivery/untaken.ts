import type { Instant } from '../model/index.js';
import type { Inbound } from '../ports/index.js';

/** What is not taken at any one time is little; beyond this the oldest still say how far the log has come. */
const MOST = 1000;

/** What a bridge has handed over and the log has not taken, because that is under way or was refused. */
export class Untaken {
  readonly #since = new Map<string, Instant>();

  /** Resolves like `take`. What it rejects stays untaken until the same thing is handed over again. */
  async whileTaking(inbound: Inbound, now: Instant, take: () => Promise<void>): Promise<void> {
    const key = keyOf(inbound);
    if (!this.#since.has(key) && this.#since.size < MOST) this.#since.set(key, now);
    await take();
    this.#since.delete(key);
  }

  /** Since when the oldest of it has been waiting; undefined when there is none. */
  oldest(): Instant | undefined {
    return this.#since.values().next().value;
  }

  /** Everything up to here was taken another way. */
  forgetUpTo(instant: Instant): void {
    for (const [key, since] of this.#since) if (since <= instant) this.#since.delete(key);
  }
}

const keyOf = (inbound: Inbound): string => {
  const { kind, ref } = inbound;
  const version = 'version' in inbound ? inbound.version : '';
  return `${kind}/${version}/${ref.chatId.length}/${ref.chatId}/${ref.platformId}`;
};
