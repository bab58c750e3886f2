import type { IncomingWebhook, OpenFile, VisitorActor, WebhookResponse } from '@pocketping/core';
import type { StreamQuery } from '@pocketping/protocol';
import type { z } from 'zod';
import type { Engine } from './options.js';
import type { LimitName } from './rate-limits.js';
import type { TextSink } from './wire.js';

/**
 * One row of the protocol.
 *
 * - `who`: `public` needs nothing; `visitor` a valid token; `first_contact` takes a token and needs none; `backend` the server's API key.
 * - `reads`: where the request's fields stand, besides the path. `either`: in the body if there is one, else in the query. `stream`: the body
 *   is a file, and the fields stand in the path and the query.
 * - `limit`: what a call counts against.
 */
export interface Route<Request = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the mount. A last segment that begins with a colon names the field it fills. */
  readonly path: string;
  readonly who: 'public' | 'visitor' | 'first_contact' | 'backend';
  readonly reads: 'nothing' | 'path' | 'query' | 'body' | 'either' | 'stream';
  readonly limit: LimitName;
  readonly request?: z.ZodType<Request>;
  readonly answer: Answer<Request>;
}

export type Answer<Request> = (call: Call, request: Request) => Promise<Reply>;

/** What a route works with besides its request. */
export interface Call {
  readonly engine: Engine;
  /** The visitor; of a `public` route nobody, of a `first_contact` the owner of the token that came along, if any. */
  readonly actor: VisitorActor | undefined;
  readonly token: string | undefined;
  /** How files come here. */
  readonly uploadMethod: 'PUT' | 'POST';
  /** Where the request comes from, if that is known. */
  address(): string | undefined;
  /** Takes from a limit that counts by address. @throws PocketPingError `rate_limited` */
  spend(limit: LimitName, cost: number): void;
  /** The body as it comes, as `WireInput` has it. */
  stream(maxBytes: number): ReadableStream<Uint8Array>;
  /** Bytes a reader of a stream may be behind. */
  readonly bufferBytes: number;
  /** The request as it came, its body unread, for whoever proves it by its headers or its bytes. */
  raw(maxBytes: number): IncomingWebhook;
  /**
   * The call waits for news, and takes the place of a stream meanwhile. Aborted when nobody waits for the answer any more, and
   * when the server stops. @throws PocketPingError `unavailable`, `rate_limited` when there is no place.
   */
  wait(): AbortSignal;
}

/**
 * JSON to send, an answer as a bridge gave it, a file, the place in a log from which a stream begins, or what writes server-sent events
 * until `signal` is aborted, and resolves when it has begun.
 */
export type Reply =
  | { readonly status?: number; readonly json: object }
  | { readonly plain: WebhookResponse }
  | { readonly file: OpenFile }
  | { readonly follow: StreamQuery }
  | { readonly events: (sink: TextSink, signal: AbortSignal) => Promise<void> };
