import { BridgeError } from '@pocketping/core';

/** One event of a stream. */
export interface ServerSentEvent {
  /** The event's `id`, where it has one. */
  readonly id?: string;
  readonly data: string;
}

/** Characters of an event, or of a line: more than the server ever sends. */
const LONGEST = 1024 * 1024;

/**
 * Reads server-sent events as they come; `undefined` stands for a sign of life without an event: a comment, or a part of
 * something longer. Ends with the stream, and leaves out what the end has cut.
 * @throws BridgeError `unavailable` for what nobody would send
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function* serverSentEvents(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent | undefined, void, void> {
  const reader = stream.getReader();
  const lines = new Lines();
  const event = new Pending();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      let told = 0;
      for (const line of lines.in(next.value)) {
        const whole = event.take(line);
        if (!whole) continue;
        told++;
        yield whole;
      }
      if (told === 0) yield undefined;
    }
  } finally {
    // Whoever stops reading wants nothing more to be sent.
    await reader.cancel().catch(() => {});
  }
}

/** The lines of a stream of bytes, whatever pieces it comes in. */
class Lines {
  readonly #decoder = new TextDecoder();
  #rest = '';
  /** The last piece ended in a carriage return: a line feed that follows belongs to it. */
  #afterReturn = false;

  in(piece: Uint8Array): string[] {
    let text = this.#decoder.decode(piece, { stream: true });
    if (text === '') return [];
    if (this.#afterReturn && text.startsWith('\n')) text = text.slice(1);
    this.#afterReturn = text === '' ? false : text.endsWith('\r');
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > LONGEST) throw tooLong();
    return lines;
  }
}

/** An event of which the end has not come yet. */
class Pending {
  #id: string | undefined;
  #data: string[] = [];
  #length = 0;

  /** @returns the event that this line ends */
  take(line: string): ServerSentEvent | undefined {
    if (line === '') return this.#whole();
    const [, field = line, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'data') {
      this.#length += value.length;
      if (this.#length > LONGEST) throw tooLong();
      this.#data.push(value);
    }
    if (field === 'id' && !value.includes('\0')) this.#id = value;
    return undefined;
  }

  #whole(): ServerSentEvent | undefined {
    const data = this.#data;
    const id = this.#id;
    this.#data = [];
    this.#length = 0;
    this.#id = undefined;
    if (data.length === 0) return undefined;
    return { data: data.join('\n'), ...(id !== undefined && { id }) };
  }
}

const tooLong = () => new BridgeError('unavailable', 'The stream of events holds one that is too long.');
