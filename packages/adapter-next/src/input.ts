import { PocketPingError } from '@pocketping/core';
import type { WireHeaders, WireInput } from '@pocketping/http';
import type { Ending } from './ending.js';

/** A request of the Web as the protocol takes it. Who sent it, only its headers tell. */
export class WebInput implements WireInput {
  readonly method: string;
  readonly query: string;
  readonly headers: WireHeaders;
  readonly remoteAddress = null;
  readonly #request: Request;
  readonly #ending: Ending;

  constructor(
    request: Request,
    readonly path: string,
    ending: Ending,
  ) {
    this.#request = request;
    this.#ending = ending;
    this.method = request.method;
    this.query = new URL(request.url).search.slice(1);
    this.headers = Object.fromEntries(request.headers);
  }

  async body(maxBytes: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for (const reader = this.#reader(maxBytes); ; ) {
      const chunk = await reader.next(
        () => new PocketPingError('invalid_json', 'The connection ended within the body.'),
      );
      if (!chunk) break;
      chunks.push(chunk);
      bytes += chunk.length;
    }
    return joined(chunks, bytes);
  }

  stream(maxBytes: number): ReadableStream<Uint8Array> {
    const reader = this.#reader(maxBytes);
    return new ReadableStream({
      async pull(controller) {
        const chunk = await reader.next(
          () =>
            new PocketPingError('validation_failed', 'The connection ended within the file. Send it again.'),
        );
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
      cancel: () => reader.stop(),
    });
  }

  onGone(run: () => void): void {
    this.#ending.whenOver(run);
  }

  #reader(maxBytes: number): BodyReader {
    return new BodyReader(this.#request, maxBytes);
  }
}

/** Reads a body no further than its limit. */
class BodyReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #request: Request;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(request: Request, maxBytes: number) {
    this.#request = request;
    this.#maxBytes = maxBytes;
    const tooLong = Number(request.headers.get('content-length')) > maxBytes;
    this.#reader = tooLong ? undefined : request.body?.getReader();
    if (tooLong) this.#bytes = Number.POSITIVE_INFINITY;
  }

  /** @param brokenOff what it throws where the connection ends within the body */
  async next(brokenOff: () => Error): Promise<Uint8Array | undefined> {
    if (this.#bytes > this.#maxBytes) throw tooLarge(this.#maxBytes);
    if (!this.#reader) return undefined;
    const read = await this.#reader.read().catch(() => {
      throw brokenOff();
    });
    if (read.done && this.#request.signal.aborted) throw brokenOff();
    if (read.done) return undefined;
    this.#bytes += read.value.length;
    if (this.#bytes > this.#maxBytes) {
      this.stop();
      throw tooLarge(this.#maxBytes);
    }
    return read.value;
  }

  stop(): void {
    this.#reader?.cancel().catch(() => {});
  }
}

const joined = (chunks: readonly Uint8Array[], bytes: number): Uint8Array => {
  const [first] = chunks;
  if (first && chunks.length === 1) return first;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

const tooLarge = (maxBytes: number): PocketPingError =>
  new PocketPingError('payload_too_large', `A body may have at most ${maxBytes} bytes.`);
