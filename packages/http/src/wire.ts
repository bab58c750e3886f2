/** Header fields by lower-case name, as `node:http` has them. */
export type WireHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request, free of any framework. Adapters make it; it lives as long as its answer takes. */
export interface WireInput {
  /** In upper case. */
  readonly method: string;
  /** Below the mount, from its slash on, without the query and still percent-encoded. */
  readonly path: string;
  /** What follows the `?`; empty without one. */
  readonly query: string;
  readonly headers: WireHeaders;
  /** The address of the connection's other end; undefined for a Unix socket, null where nobody tells, as where a framework passes on requests alone. */
  readonly remoteAddress: string | null | undefined;
  /**
   * The body; asked for at most once, and not at all for a request that is refused by its head.
   * @throws PocketPingError `payload_too_large` as soon as there are more than `maxBytes`: the rest stays unread.
   */
  body(maxBytes: number): Promise<WireBody>;
  /**
   * The body as it comes, for what is too large to be held; asked for instead of `body`. It fails with `payload_too_large` as soon as
   * there are more than `maxBytes`, and with `validation_failed` where it breaks off.
   */
  stream(maxBytes: number): ReadableStream<Uint8Array>;
  /** Calls `run` when nobody waits for the answer any more, at once if so already. Only routes that wait ask for it. */
  onGone(run: () => void): void;
}

/** Bytes or text as they came, or what the app's own parser has made of them. */
export type WireBody = Uint8Array | string | { readonly parsed: unknown };

/** An answer. An adapter that serves `HEAD` sends everything but the body. */
export interface WireOutput {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where there is none. */
  readonly body: string;
  /** A file, in place of a body; its length is among the headers. */
  readonly bytes?: ReadableStream<Uint8Array>;
  /**
   * Present where text follows for as long as both ends like. Resolves to nothing once the stream is live, having
   * written to the sink; or to the answer to give instead, having written nothing.
   */
  readonly stream?: (sink: TextSink) => Promise<WireOutput | undefined>;
}

/** Where a streamed answer goes. */
export interface TextSink {
  /** Bytes that were written and that the network has not taken yet. */
  readonly bufferedBytes: number;
  /** The first call sends the answer's head before it. */
  write(text: string): void;
  /** Nothing more comes. What is buffered may still go out. */
  end(): void;
  /** Calls `run` when the answer is over, whoever ended it; at once if so already. */
  onGone(run: () => void): void;
}
