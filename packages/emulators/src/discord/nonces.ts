import type { Clock } from '../telegram/clock.js';

/** How long a nonce counts as recent: "the past few minutes". */
const RECENT_MS = 5 * 60_000;

/**
 * The nonces of messages that the bot created with `enforce_nonce`.
 * @see https://discord.com/developers/docs/resources/message#create-message
 */
export class Nonces {
  readonly #messages = new Map<string, { readonly messageId: string; readonly at: number }>();

  constructor(private readonly clock: Clock) {}

  /** The message that was created with it in the past few minutes. */
  find(nonce: string): string | undefined {
    const known = this.#messages.get(nonce);
    return known && this.clock.now() - known.at <= RECENT_MS ? known.messageId : undefined;
  }

  keep(nonce: string, messageId: string): void {
    this.#messages.set(nonce, { messageId, at: this.clock.now() });
  }
}
