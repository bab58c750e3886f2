import type {
  Clock,
  Conversation,
  Health,
  IncomingWebhook,
  Logger,
  Mirror,
  WebhookResponse,
} from '@pocketping/core';
import type { BridgeApiOptions } from './bridge-api/access.js';
import type { RateLimits } from './rate-limits.js';

/** What the protocol needs of the engine; the class `PocketPing` is one. */
export interface Engine {
  readonly conversation: Conversation;
  /** For the bridge API. */
  readonly mirror?: Mirror;
  readonly clock: Clock;
  readonly logger: Logger;
  health(): Promise<Health>;
  webhook(bridge: string, request: IncomingWebhook): Promise<WebhookResponse>;
}

export interface HttpOptions {
  /** Has the bridge API served under `/api`, for backends whose conversations the bridges here show. Absent by default. */
  readonly bridgeApi?: BridgeApiOptions;
  /**
   * Websites on other origins that may use this backend, e.g. `['https://www.example.com']`, or `'*'` for every one.
   * Pages on the backend's own origin always may. Browsers enforce it; it is no protection from anything else.
   */
  readonly origins?: '*' | readonly string[];
  /**
   * The proxies in front of this server, whose `X-Forwarded-For` and `X-Forwarded-Host` are believed: addresses,
   * CIDR ranges, `'loopback'`, `'private'`. None by default. Where the framework does not tell who is connected, naming any is to say that
   * there is one in front of all requests.
   */
  readonly trustProxy?: readonly string[];
  /** How clients are told to bring the bytes of a file: `PUT` by default, `POST` where nothing else comes through. Both are taken. */
  readonly uploadMethod?: 'PUT' | 'POST';
  /** How often a visitor, or an address, may call what; `false` for as often as they like. */
  readonly rateLimits?: RateLimits;
  /** Bytes a live stream may be behind before it is cut; its client then resumes where it was. 1 MiB by default. */
  readonly streamBufferBytes?: number;
  /** Live streams that one visitor may have open, over all tabs; 50 by default. */
  readonly streamsPerVisitor?: number;
  /** Live streams that are open: 20,000 altogether and 500 from one address by default. */
  readonly streams?: { readonly total?: number; readonly perAddress?: number };
  /** WebSockets that have not said `hello` yet: 1,000 altogether and 20 from one address by default. */
  readonly pendingSockets?: { readonly total?: number; readonly perAddress?: number };
}
