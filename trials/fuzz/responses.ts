/** An answer as it came over the wire. */
export interface Response {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** Of a stream: what came with the head. */
  readonly body: string;
  readonly isStream: boolean;
}

/** Cuts what a server says on one connection into answers. */
export class ResponseReader {
  #bytes = Buffer.alloc(0);
  /** What each answer is an answer to, oldest first: those to HEAD have no body. */
  readonly #asked: string[] = [];

  asked(method: string): void {
    this.#asked.push(method);
  }

  push(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
  }

  /** What came and is no whole answer yet. */
  get rest(): string {
    return this.#bytes.toString('latin1');
  }

  /** The next answer that is complete; those of 1xx are passed over (RFC 9110 §15.2). */
  next(): Response | undefined {
    for (;;) {
      const end = this.#bytes.indexOf('\r\n\r\n');
      if (end < 0) return undefined;
      const [statusLine = '', ...lines] = this.#bytes.subarray(0, end).toString('latin1').split('\r\n');
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0);
      const headers = new Map(
        lines.map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
        }),
      );
      const begin = end + 4;
      if (status >= 100 && status < 200 && status !== 101) {
        this.#bytes = this.#bytes.subarray(begin);
        continue;
      }
      const isStream = headers.get('content-type') === 'text/event-stream';
      const length = this.#lengthOf(status, headers, isStream, begin);
      if (length === undefined || this.#bytes.length < begin + length) return undefined;
      this.#asked.shift();
      const bytes = this.#bytes.subarray(begin, begin + length).toString('utf8');
      const body = bytes === NOTHING_IN_CHUNKS ? '' : bytes;
      this.#bytes = this.#bytes.subarray(begin + length);
      return { status, headers, body, isStream };
    }
  }

  /** How many bytes belong to the body; undefined while that cannot be known. */
  #lengthOf(
    status: number,
    headers: ReadonlyMap<string, string>,
    isStream: boolean,
    begin: number,
  ): number | undefined {
    if (this.#asked[0] === 'HEAD' || status === 204 || status === 304) return 0;
    if (isStream || status === 101) return this.#bytes.length - begin;
    const length = headers.get('content-length');
    if (length !== undefined) return Number(length);
    if (headers.get('transfer-encoding') !== 'chunked') return 0;
    const last = this.#bytes.indexOf(NOTHING_IN_CHUNKS, begin);
    return last < 0 ? undefined : last + NOTHING_IN_CHUNKS.length - begin;
  }
}

/** Only Node's own answers come in chunks, and they have no body. */
const NOTHING_IN_CHUNKS = '0\r\n\r\n';
