import { WebSocket } from 'ws';
import type { Clock } from '../../packages/widget/src/client/clock.js';
import type { Environment } from '../../packages/widget/src/client/environment.js';
import { randomFrom } from '../random.js';

/** What carries the log to a widget. */
export const carriers = ['WebSocket', 'server-sent events', 'long polling'] as const;
export type Carrier = (typeof carriers)[number];

export interface BrowserOptions {
  readonly clock: Clock;
  /** The best carrier that the way to the server lets through; WebSocket by default. */
  readonly carrier?: Carrier;
  /** Hears of every request's answer, whatever it is. */
  readonly onAnswer?: (url: string, init: RequestInit, response: Response) => void;
  readonly seed?: number;
}

/** A browser as the widget's client sees one, with storage that its tabs share. */
export class Browser {
  readonly #stored: Map<string, string>;
  readonly #watchers = new Map<object, (key: string) => void>();
  readonly #locks = new Map<string, Promise<unknown>>();

  /** @param from the browser whose storage this one begins with, as on a machine restored from a backup */
  constructor(from?: Browser) {
    this.#stored = new Map(from ? from.#stored : []);
  }

  tab(options: BrowserOptions): Tab {
    const random = randomFrom(options.seed ?? 1);
    const tab = {};
    const write = (key: string, value: string | null) => {
      if (value === null) this.#stored.delete(key);
      else this.#stored.set(key, value);
      for (const [watcher, tell] of this.#watchers) if (watcher !== tab) queueMicrotask(() => tell(key));
    };
    return new Tab(options, {
      random: random.next,
      randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
      storage: {
        get: (key) => this.#stored.get(key) ?? null,
        set: write,
        remove: (key) => write(key, null),
        keys: () => [...this.#stored.keys()],
        onForeignChange: (tell) => {
          this.#watchers.set(tab, tell);
          return () => this.#watchers.delete(tab);
        },
      },
      exclusively: (name, task) => this.#exclusively(name, task),
    });
  }

  #exclusively<T>(name: string, task: () => Promise<T>): Promise<T> {
    const turn = (this.#locks.get(name) ?? Promise.resolve()).then(task, task);
    this.#locks.set(
      name,
      turn.catch(() => {}),
    );
    return turn;
  }
}

type OwnPart = Pick<Environment, 'random' | 'randomBytes' | 'storage' | 'exclusively'>;

/** One page with the widget, and its network. */
export class Tab {
  readonly environment: Environment;
  readonly #listeners = new Set<() => void>();
  readonly #sockets = new Set<WebSocket>();
  #network = true;

  constructor({ clock, carrier = 'WebSocket', onAnswer }: BrowserOptions, own: OwnPart) {
    this.environment = {
      ...own,
      clock,
      fetch: async (url, init) => {
        if (!this.#network) throw new TypeError('Failed to fetch');
        if (carrier === 'long polling' && url.includes('/stream?'))
          return new Response(null, { status: 502 });
        const response = await fetch(url, init);
        onAnswer?.(url, init, response);
        return response;
      },
      sendBytes: async ({ url, ...init }) => {
        if (!this.#network) throw new TypeError('Failed to fetch');
        return fetch(url, init);
      },
      openSocket: carrier === 'WebSocket' ? (url) => this.#open(url) : undefined,
      online: () => this.#network,
      onNetwork: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      visible: () => true,
      onVisibility: () => () => {},
      metadata: () => ({ url: 'https://shop.example/', pageTitle: 'Shop' }),
    };
  }

  /** WebSockets that are open now. */
  get sockets(): number {
    return this.#sockets.size;
  }

  /** The network goes or comes back, and the browser notices. */
  network(up: boolean): void {
    this.#network = up;
    for (const listener of [...this.#listeners]) listener();
  }

  #open(url: string): globalThis.WebSocket {
    if (!this.#network) throw new Error('no network');
    const socket = new WebSocket(url);
    socket.once('open', () => this.#sockets.add(socket));
    socket.once('close', () => this.#sockets.delete(socket));
    return socket as unknown as globalThis.WebSocket;
  }
}
