import type { DiscordCall } from './rest.js';

/** Calls that are remembered; older ones go. */
const KEPT = 10_000;

/** What was asked of the API, oldest first. */
export class Calls {
  readonly #all: DiscordCall[] = [];

  get all(): readonly DiscordCall[] {
    return this.#all;
  }

  add(call: DiscordCall): void {
    this.#all.push(call);
    if (this.#all.length > KEPT) this.#all.shift();
  }
}
