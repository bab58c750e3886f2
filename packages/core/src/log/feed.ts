import type { SessionId } from '@pocketping/protocol';
import type { Json } from '../model/index.js';
import type { Broker, Clock } from '../ports/index.js';

const CHANNEL = 'feed';
/** The longest that something new stays unnoticed where the broker has lost the news of it. */
const LOOK_MS = 1000;

/** Somebody of the team types. Not kept. */
export interface TeamTyping {
  readonly sessionId: SessionId;
  readonly name: string;
}

interface Watcher {
  readonly news: () => void;
  readonly typing: (typing: TeamTyping) => void;
}

/** Tells those who read the log of the whole project that there is more of it, on this node and on others. */
export class Feed {
  readonly #broker: Broker;
  readonly #clock: Clock;
  readonly #watchers = new Set<Watcher>();
  #unsubscribe: (() => void) | undefined;

  constructor({ broker, clock }: { broker: Broker; clock: Clock }) {
    this.#broker = broker;
    this.#clock = clock;
  }

  async start(): Promise<void> {
    this.#unsubscribe = await this.#broker.subscribe(CHANNEL, (payload) =>
      this.#tell(payload as unknown as TeamTyping | null),
    );
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  /** There is more to read. */
  grew(): void {
    this.#tell(null);
    this.#broker.publish(CHANNEL, null);
  }

  typing(typing: TeamTyping): void {
    this.#tell(typing);
    this.#broker.publish(CHANNEL, typing as unknown as Json);
  }

  /** @returns what ends it */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Waits until there may be more, for a second at most. Ends early, and without a sign, when `signal` is aborted. */
  async more(news: Promise<void>, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const end = () => over.abort();
    signal.addEventListener('abort', end, { once: true });
    void news.then(end);
    await this.#clock.sleep(LOOK_MS, over.signal);
    signal.removeEventListener('abort', end);
  }

  #tell(typing: TeamTyping | null): void {
    for (const watcher of this.#watchers) {
      if (typing) watcher.typing(typing);
      else watcher.news();
    }
  }
}
