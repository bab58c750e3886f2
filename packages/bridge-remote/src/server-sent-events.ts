import { BridgeError } from '@pocketping/core';
import { createParser } from 'eventsource-parser';

/** One event of a stream. */
export interface ServerSentEvent {
  /** The event's `id`, where it has one. */
  readonly id?: string;
  readonly data: string;
}

/** Characters of an event: more than the server ever sends. */
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
  const decoder = new TextDecoder();
  const whole: ServerSentEvent[] = [];
  /** Characters that have come since the last sign that the parser understood. */
  let pending = 0;
  let last = '';
  const understood = () => {
    pending = 0;
  };
  const parser = createParser({
    onEvent: ({ id, data }) => {
      whole.push({ data, ...(id !== undefined && { id }) });
      understood();
    },
    onComment: understood,
  });
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const text = decoder.decode(next.value, { stream: true });
      pending += text.length;
      last = text.at(-1) ?? last;
      parser.feed(text);
      if (whole.length === 0) yield undefined;
      else yield* whole.splice(0);
      if (pending > LONGEST)
        throw new BridgeError('unavailable', 'The stream of events holds one that is too long.');
    }
    // After a carriage return the parser waits for the line feed that may belong to it.
    if (last === '\r') parser.feed('\n');
    yield* whole.splice(0);
  } finally {
    // Whoever stops reading wants nothing more to be sent.
    await reader.cancel().catch(() => {});
  }
}
