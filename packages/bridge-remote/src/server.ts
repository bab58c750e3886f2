import { BridgeError, type Call } from '@pocketping/core';
import {
  type BridgeEventAnswer,
  type BridgeEventInput,
  bridgeEventAnswer,
  bringAttachmentAnswer,
} from '@pocketping/protocol';
import { type FailedRequest, refusal, strange, withoutAnswer } from './errors.js';
import { jsonIn } from './json.js';
import type { Copy } from './refs.js';
import type { Settings } from './settings.js';
import { watched } from './watched.js';

/** A file that is brought to the server. */
export interface Bringing {
  readonly attachmentId: string;
  readonly sessionId: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Gives the bytes. */
  open(): Promise<ReadableStream<Uint8Array>>;
}

/** From when on the stream is wanted: a position, a time, or now. */
export interface From {
  readonly after?: number;
  /** ISO 8601, by the server's clock. */
  readonly since?: string;
}

/** The bridge API of a PocketPing server. No call repeats itself; each rejects with a `BridgeError`. */
export class Server {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Tells the server of something. */
  async tell(event: BridgeEventInput, { signal }: Call): Promise<BridgeEventAnswer> {
    const { origin } = this.#settings;
    return this.#read(bridgeEventAnswer, {
      method: 'POST',
      path: '/api/events',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...event, origin }),
      signal,
    });
  }

  /** Whether it has taken a message of ours. @throws `thread_gone` */
  async has(copy: Copy, id: string, { signal }: Call): Promise<boolean> {
    const query = { ...copy, origin: this.#settings.origin };
    const path = `/api/messages/${encodeURIComponent(id)}`;
    try {
      await this.#read(bridgeEventAnswer, { method: 'GET', path, query, headers: {}, signal });
      return true;
    } catch (error) {
      if (BridgeError.isInstance(error) && error.code === 'message_gone') return false;
      throw error;
    }
  }

  /**
   * Brings the bytes of a file, for a message to name. @throws what opening or reading the file throws: then the server
   * has nothing of it
   */
  async bring({ attachmentId, sessionId, name, size, open }: Bringing, { signal }: Call): Promise<void> {
    if (signal.aborted) throw givenUp();
    const file = watched(await open());
    try {
      await this.#read(bringAttachmentAnswer, {
        method: 'PUT',
        path: `/api/attachments/${encodeURIComponent(attachmentId)}`,
        query: { sessionId, origin: this.#settings.origin, name, size: `${size}` },
        headers: { 'content-type': 'application/octet-stream' },
        body: file.bytes,
        signal,
      });
    } catch (error) {
      throw file.failure?.error ?? error;
    }
  }

  /** What the team does, as server-sent events. @throws `unavailable`, `unauthorized`, `misconfigured` */
  async listen({ after, since }: From, { signal }: Call): Promise<ReadableStream<Uint8Array>> {
    const asking: Asking = {
      method: 'GET',
      path: '/api/events/stream',
      query: {
        origin: this.#settings.origin,
        ...(after !== undefined && { after: `${after}` }),
        ...(since !== undefined && { since }),
      },
      headers: { accept: 'text/event-stream' },
      signal,
    };
    const response = await this.#answer(asking);
    const type = response.headers.get('content-type') ?? '';
    if (response.body && /^text\/event-stream\b/i.test(type)) return response.body;
    await letGo(response);
    throw strange(this.#about(asking));
  }

  /** Whether the server lets us in. @throws as `listen` does */
  async greet(call: Call): Promise<void> {
    const stream = await this.listen({}, call);
    await stream.cancel().catch(() => {});
  }

  /**
   * The bytes of a file that the team sent. @param path as the stream tells it. What it leads on to, such as a bucket, does
   * not get to see the key
   */
  async file(path: string, { signal }: Call): Promise<ReadableStream<Uint8Array>> {
    // What begins otherwise, such as with another address, would lead elsewhere.
    if (!/^\/[^/\\]/.test(path))
      throw new BridgeError('invalid', 'The file is not where the server keeps files.');
    const asking: Asking = { method: 'GET', path, headers: {}, signal };
    const about = { ...this.#about(asking), what: 'a file' };
    const response = await this.#led(await this.#sent(asking, about), about, signal);
    if (response.ok) return response.body ?? NOTHING();
    if (response.status !== 404 && response.status !== 410) throw await refusal(response, about);
    await letGo(response);
    throw new BridgeError('message_gone', 'The server does not have this file, or has it no longer.');
  }

  /** What answers where an answer leads to. */
  async #led(response: Response, about: FailedRequest, signal: AbortSignal): Promise<Response> {
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await letGo(response);
    return this.#fetched(new URL(location, this.#settings.root).href, { signal }, about);
  }

  async #read<Answer>(schema: Schema<Answer>, asking: Asking): Promise<Answer> {
    const about = this.#about(asking);
    const response = await this.#answer(asking);
    const text = await response.text().catch((cause: unknown) => {
      throw withoutAnswer(cause, about);
    });
    const answer = schema.safeParse(jsonIn(text));
    if (!answer.success) throw strange(about);
    return answer.data;
  }

  /** @returns the answer where it is a success */
  async #answer(asking: Asking): Promise<Response> {
    const about = this.#about(asking);
    const response = await this.#sent(asking, about);
    if (!response.ok) throw await refusal(response, about);
    return response;
  }

  async #sent(
    { method, path, query, headers, body, signal }: Asking,
    about: FailedRequest,
  ): Promise<Response> {
    if (signal.aborted) throw givenUp();
    const { apiKey, root } = this.#settings;
    const init = {
      method,
      headers: { ...headers, ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) },
      ...(body !== undefined && { body }),
      // A stream goes while nothing is answered yet.
      ...(body instanceof ReadableStream && { duplex: 'half' as const }),
      // Wherever else it would lead, the key is not for there.
      redirect: 'manual' as const,
      signal,
    };
    return this.#fetched(`${root}${path}${query ? `?${new URLSearchParams(query)}` : ''}`, init, about);
  }

  async #fetched(address: string, init: RequestInit, about: FailedRequest): Promise<Response> {
    try {
      return await this.#settings.fetch(address, init);
    } catch (cause) {
      throw withoutAnswer(cause, about);
    }
  }

  #about({ method, path }: Asking): FailedRequest {
    return { what: `${method} ${path}`, root: this.#settings.root, effect: method !== 'GET' };
  }
}

interface Asking {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly signal: AbortSignal;
}

interface Schema<Answer> {
  safeParse(value: unknown): { readonly success: true; readonly data: Answer } | { readonly success: false };
}

/** An answer that nobody reads holds its connection. */
const letGo = async ({ body }: Response): Promise<void> => {
  await body?.cancel().catch(() => {});
};

const givenUp = () => new BridgeError('unavailable', 'The call was over before it began.');

const NOTHING = (): ReadableStream<Uint8Array> => new ReadableStream({ start: (body) => body.close() });
