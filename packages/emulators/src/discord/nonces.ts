import type { Clock } from '../telegram/clock.js';
import type { GuildState } from './state.js';

/** How long a nonce counts as recent: "the past few minutes". */
const RECENT_MS = 5 * 60_000;

/**
 * The nonces of messages that the bot created with `enforce_nonce`.
 * @see https://discord.com/developers/docs/resources/message#create-message
 */
export class Nonces {
  /** @param messages where they are kept, the oldest first */
  constructor(
    private readonly messages: GuildState['nonces'],
    private readonly clock: Clock,
  ) {}

  /** The message that was created with it in the past few minutes. */
  find(nonce: string): string | undefined {
    const known = this.messages.get(nonce);
    return known && this.#isRecent(known.at) ? known.messageId : undefined;
  }

  keep(nonce: string, messageId: string): void {
    for (const [each, { at }] of this.messages) {
      if (this.#isRecent(at)) break;
      this.messages.delete(each);
    }
    this.messages.delete(nonce);
    this.messages.set(nonce, { messageId, at: this.clock.now() });
  }

  #isRecent(at: number): boolean {
    return this.clock.now() - at <= RECENT_MS;
  }
}
