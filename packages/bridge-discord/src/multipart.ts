/** A file on its way to Discord. */
export interface Upload {
  readonly name: string;
  readonly mimeType: string;
  /** Exactly as many bytes as there will be. */
  readonly size: number;
  readonly bytes: ReadableStream<Uint8Array>;
}

/** The body of a request with a file, made while it is being sent: no more than a piece of the file is ever in memory. */
export interface Multipart {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReadableStream<Uint8Array>;
  /** The last of it was asked for. Before that, nobody can have acted on it. */
  readonly whole: boolean;
  /** Why the file could not be read to its end, if so. */
  readonly failure: { readonly error: unknown } | undefined;
  /** Lets go of a file that nobody has begun to read. */
  release(): Promise<void>;
}

/**
 * A message and its file as `multipart/form-data`, with the length that it will have.
 * @param json the message, which may refer to the file as attachment 0
 * @see https://discord.com/developers/docs/reference#uploading-files
 */
export const multipart = (json: object, { name, mimeType, size, bytes }: Upload): Multipart => {
  const boundary = `pocketping-${crypto.randomUUID()}`;
  const head = encoder.encode(
    [
      `--${boundary}`,
      'Content-Disposition: form-data; name="payload_json"',
      'Content-Type: application/json',
      '',
      JSON.stringify(json),
      `--${boundary}`,
      `Content-Disposition: form-data; name="files[0]"; filename="${quotable(name)}"`,
      `Content-Type: ${MIME_TYPE.test(mimeType) ? mimeType : 'application/octet-stream'}`,
      '',
      '',
    ].join('\r\n'),
  );
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  const state: { whole: boolean; failure: Multipart['failure'] } = { whole: false, failure: undefined };
  const reader = bytes.getReader();
  let begun = false;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!begun) {
          begun = true;
          controller.enqueue(head);
          return;
        }
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
        } catch (error) {
          state.failure = { error };
          throw error;
        }
        state.whole = true;
        controller.enqueue(tail);
        controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Nothing is read before it is sent.
    { highWaterMark: 0 },
  );
  return {
    headers: {
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
      'Content-Length': String(head.length + size + tail.length),
    },
    body,
    get whole() {
      return state.whole;
    },
    get failure() {
      return state.failure;
    },
    release: () => reader.cancel().catch(() => {}),
  };
};

/** @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
const quotable = (name: string): string => name.replace(/[\r\n"]/g, (sign) => encodeURIComponent(sign));

/** A type that cannot become another field of the header. */
const MIME_TYPE = /^[\w.+-]+\/[\w.+-]+$/;

const encoder = new TextEncoder();
