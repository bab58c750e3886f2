/** Sequences of actions as both protocols define them: https://www.w3.org/TR/webdriver2/#actions */
export type Actions = readonly {
  readonly type: 'pointer' | 'key';
  readonly id: string;
  readonly actions: readonly Record<string, unknown>[];
}[];

/** A page in a window of its own. */
export interface Tab {
  open(url: string): Promise<void>;
  /** About this many CSS pixels: a window may have a least width of its own, below 480. */
  resize(width: number, height: number): Promise<void>;
  /** Calls a function, or the source of one, in the page, where it knows nothing but its arguments. What goes in and comes out is JSON. */
  run<Args extends unknown[], Result>(
    call: ((...args: Args) => Result | Promise<Result>) | string,
    ...args: Args
  ): Promise<Result>;
  /** What a visitor does with mouse and keys. */
  act(actions: Actions): Promise<void>;
  /** A picture of what is seen, as PNG. */
  picture(): Promise<Buffer>;
  close(): Promise<void>;
}

/** A running browser. */
export interface Engine {
  tab(): Promise<Tab>;
  /** Ends its processes and removes what it kept. */
  stop(): Promise<void>;
}

export interface InstalledEngine {
  readonly name: string;
  start(): Promise<Engine>;
}

/** It is not there, and why. */
export interface AbsentEngine {
  readonly name: string;
  readonly absent: string;
}
