import type { BridgeHost, Inbound } from '@pocketping/core';
import type { Me } from './check.js';
import { type Fields, textOf } from './content.js';
import type { Names } from './names.js';
import { parse } from './parse.js';

export interface Listener {
  readonly channelId: string;
  readonly names: Names;
  /** Asks Slack where it is not known yet. */
  readonly me: () => Promise<Me>;
}

/** Hands events to a host: those of one thread one after another, in the order in which they came. */
export class Hearing {
  readonly #listener: Listener;
  readonly #tails = new Map<string, Promise<void>>();

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Resolves when it has been dealt with; rejects when the host did not take it. */
  async take(event: Fields, host: BridgeHost): Promise<void> {
    const key = placeOf(event);
    const before = this.#tails.get(key) ?? Promise.resolve();
    const taken = before.then(() => this.#take(event, host));
    const tail = taken.catch(() => {});
    this.#tails.set(key, tail);
    await taken.finally(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
  }

  /** Resolves when nothing is under way. */
  async rest(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all(this.#tails.values());
  }

  /** What somebody did, unless it is not for the engine, or not understood. */
  async read(event: Fields, host: BridgeHost): Promise<Inbound | undefined> {
    const { channelId, names } = this.#listener;
    if (event.channel !== channelId) return undefined;
    const { userId: botUserId, name: botName } = await this.#listener.me();
    try {
      return await parse(event, { channelId, botUserId, botName, nameOf: (id) => names.of(id, host) });
    } catch (err) {
      // Reading it again would fail again.
      host.logger.error({ err, ...kindOf(event) }, 'Did not understand a Slack event; passed over it');
      return undefined;
    }
  }

  async #take(event: Fields, host: BridgeHost): Promise<void> {
    const inbound = await this.read(event, host);
    if (!inbound) return host.logger.debug(kindOf(event), 'Passed over a Slack event');
    for (const waitMs of RETRIES_MS) {
      const taken = await host.receive(inbound).then(
        () => true,
        (err: unknown) => {
          host.logger.debug({ err, ...kindOf(event) }, 'A Slack event was not taken at once');
          return false;
        },
      );
      if (taken) return;
      await host.clock.sleep(waitMs);
    }
    await host.receive(inbound);
  }
}

/**
 * What is not taken is handed over again, as long as Slack waits for an answer, so that nothing behind it in its thread
 * overtakes it: Slack itself would come back a minute later.
 */
const RETRIES_MS: readonly number[] = [100, 300, 900];

const placeOf = (event: Fields): string => {
  const inner = (event.message ?? event.previous_message ?? event) as Fields;
  return `${textOf(event.channel)}/${textOf(inner.thread_ts)}`;
};

/** What an event is about, without anybody's words. */
export const kindOf = ({ type, subtype, event_ts }: Fields) => ({ type, subtype, eventTs: event_ts });
