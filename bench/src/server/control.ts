/** What the load tells a server besides requests, and what it is told: over Node's channel between processes. */

/** Somebody who may be spoken for. */
export interface Visitor {
  readonly sessionId: string;
  readonly token: string;
  /** The head of the session's log. */
  readonly seq: number;
}

/** Who a server knows before the measurement begins. */
export interface Population {
  /** Sessions, each with a message of its visitor's. */
  readonly sessions: number;
  /** Messages in one more session, the visitor's and the team's in turn; 0 for no such session. */
  readonly longSession: number;
}

export interface Populated {
  readonly visitors: readonly Visitor[];
  readonly long?: Visitor;
}

/** Bytes after a garbage collection. */
export interface Memory {
  /** Everything that JavaScript holds, buffers included. */
  readonly heapBytes: number;
  /** What the process has of the machine. */
  readonly rssBytes: number;
}

/** What a server answers to. One that has nothing to do for a call rejects it. */
export interface Calls {
  /** Begins anew, with an engine that knows these and nobody else. */
  populate(population: Population): Promise<Populated>;
  /** Microseconds of processor that the process has had, user's and system's. */
  processor(): Promise<number>;
  memory(): Promise<Memory>;
  /** Sends one frame to everybody. @returns when that began, by the machine's monotonic clock, in milliseconds */
  broadcast(): Promise<number>;
  /** The longest time, in milliseconds, for which the event loop was not free since the last broadcast began. */
  longestBlock(): Promise<number>;
  startProfile(): Promise<void>;
  /** @returns the file that holds the profile */
  stopProfile(): Promise<string>;
}

export interface Ask {
  readonly id: number;
  readonly call: keyof Calls;
  readonly argument: unknown;
}

/** The first says that the server listens; the others answer an {@link Ask}. */
export type Answer =
  | { readonly port: number }
  | { readonly id: number; readonly result?: unknown; readonly error?: string };

/** The machine's monotonic clock, which all its processes share, in milliseconds. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
