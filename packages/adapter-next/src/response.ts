import type { TextSink, WireOutput } from '@pocketping/http';
import type { Ending } from './ending.js';

const utf8 = new TextEncoder();

/** A whole answer, or a file. */
export function responseOf({ status, headers, body, bytes }: WireOutput): Response {
  // It is about one connection, which is the server's affair; the Web has no word for it.
  const { connection: _, ...fields } = headers;
  if (bytes)
    return new Response(bytes as ReadableStream<Uint8Array<ArrayBuffer>>, { status, headers: fields });
  if (status === 204) return new Response(null, { status, headers: fields });
  const encoded = utf8.encode(body);
  const length = fields['content-length'] ?? `${encoded.length}`;
  return new Response(encoded, { status, headers: { ...fields, 'content-length': length } });
}

/** An answer that goes on until its client leaves, or until its time is up; then the client resumes where it was. */
export class StreamedResponse implements TextSink {
  readonly #ending: Ending;
  readonly #body: ReadableStream<Uint8Array>;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #closed = false;

  constructor(ending: Ending) {
    this.#ending = ending;
    this.#body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => {
          this.#closed = true;
          ending.end();
        },
      },
      // What is queued is what has not been taken: nothing is wanted in advance.
      new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
    );
    ending.whenOver(() => this.#close());
  }

  get bufferedBytes(): number {
    return this.#closed ? 0 : -(this.#controller.desiredSize ?? 0);
  }

  write(text: string): void {
    if (!this.#closed) this.#controller.enqueue(utf8.encode(text));
  }

  end(): void {
    this.#ending.end();
  }

  onGone(run: () => void): void {
    this.#ending.whenOver(run);
  }

  response({ status, headers }: WireOutput): Response {
    return new Response(this.#body as ReadableStream<Uint8Array<ArrayBuffer>>, { status, headers });
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#controller.close();
  }
}
