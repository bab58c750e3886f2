/** What the wire accepts, in one place: clients may check before they send. */
export const LIMITS = {
  /** UTF-16 code units in a visitor's message. */
  contentLength: 4000,
  /** UTF-16 code units in a message that the site's own code sends. */
  siteContentLength: 20_000,
  /** UTF-16 code units in a `visitorId`, `clientMessageId`, `clientEventId` or any other id a client names. */
  idLength: 128,
  /** UTF-16 code units in the id of an event or a message that a backend names. */
  eventIdLength: 256,
  /** UTF-16 code units kept of a metadata string; longer ones are cut. */
  metadataLength: 1024,
  /** UTF-16 code units in an identity's name, e-mail, phone or id. */
  identityLength: 256,
  /** Entries in an identity's `metadata`. */
  identityEntries: 50,
  /** Bytes of a request body. */
  bodyBytes: 64 * 1024,
  /** Bytes of a file, unless the site says otherwise. */
  attachmentBytes: 25 * 1024 * 1024,
  /** Files of one message. */
  attachments: 10,
  /** UTF-16 code units of a file's name. */
  fileNameLength: 255,
  /** Bytes of what a platform sends to a bridge's webhook. */
  webhookBytes: 1024 * 1024,
  /** UTF-16 code units in the name of a custom event. */
  eventNameLength: 64,
  /** Bytes of a custom event's data, as JSON in UTF-8. */
  eventBytes: 4096,
  /** Levels of objects and arrays in a custom event's data, which is itself the first. */
  eventDepth: 8,
  /** Seconds for which an event that the site emits may wait for its visitor: 30 days. */
  eventTtlSeconds: 30 * 24 * 60 * 60,
  /** Bytes of a frame a client sends over a WebSocket: a custom event fits in. */
  clientFrameBytes: 8192,
  /** UTF-16 code units of the first frame, `hello`. */
  helloLength: 4096,
  /** Milliseconds a WebSocket may stay open without `hello`. */
  helloMs: 5000,
  /** Messages in a page of `GET /messages`, frames in a page of `GET /events`. */
  pageSize: 100,
  /** Seconds a `GET /events` may wait. */
  waitSeconds: 25,
  /** Message ids in one `POST /read`. */
  readIds: 100,
  /**
   * Log entries that are replayed to a client that comes back, before it is told to reload (`reset`). Those that it is not
   * shown do not count, nor do the events that the site has emitted.
   */
  resumeEvents: 1000,
  /** The newest log entries in which these are looked for; whoever is further behind is told to reload. */
  resumeReads: 10_000,
} as const;
