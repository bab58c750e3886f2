import type { Clock, Conversation, Health, Logger, PocketPing } from '@pocketping/core';

/** What an adapter serves: a `PocketPing`, or one in which a test has put its hand. */
export interface ServedEngine {
  readonly conversation: Conversation;
  readonly clock: Clock;
  readonly logger: Logger;
  health(): Promise<Health>;
  readonly webhook: PocketPing['webhook'];
  readonly drain: PocketPing['drain'];
  readonly connectedBridges: PocketPing['connectedBridges'];
  stop(): Promise<void>;
}

/** The options that every HTTP adapter passes on. */
export interface ServeOptions {
  readonly origins?: '*' | readonly string[];
  readonly trustProxy?: readonly string[];
  readonly rateLimits?:
    | false
    | { readonly [name: string]: { readonly requests: number; readonly perMs: number } | false };
  readonly streamBufferBytes?: number;
  readonly streamsPerVisitor?: number;
  readonly streams?: { readonly total?: number; readonly perAddress?: number };
  readonly pendingSockets?: { readonly total?: number; readonly perAddress?: number };
  readonly closeWithinMs?: number;
}

export interface Served {
  /** Where the protocol is mounted, without a trailing slash, e.g. `http://127.0.0.1:40123/pocketping`. */
  readonly url: string;
  /** Shuts down as the adapter's README says: the adapter first, then the server. */
  close(): Promise<void>;
}

/** An HTTP adapter under test. */
export interface HttpContract {
  readonly name: string;
  /** Serves the protocol, WebSockets included, on 127.0.0.1 and a port that is free. */
  serve(engine: ServedEngine, options: ServeOptions): Promise<Served>;
  /** The app's own body parser runs before the adapter: what it refuses, it answers itself, with the same status. */
  readonly parsesFirst?: boolean;
  /** The framework decodes paths before it routes: what is no percent-encoding, it answers itself, with this status. */
  readonly decodesPaths?: number;
  /** `false`: there are no WebSockets here, and clients use the other carriers. */
  readonly webSockets?: false;
  /** `false`: connections are the framework's affair, which reads what is left of a body, cuts nobody off, and says not who is at the other end. */
  readonly ownsConnections?: false;
  /** How clients are told to bring a file; `PUT` unless said. */
  readonly uploadMethod?: 'PUT' | 'POST';
}
