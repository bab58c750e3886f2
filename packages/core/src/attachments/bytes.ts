import { SNIFFED_BYTES } from './sniff.js';

/** Reads a stream's first bytes and gives them back with a stream of all of it. */
export const peek = async (
  bytes: ReadableStream<Uint8Array>,
): Promise<{ head: Uint8Array; whole: ReadableStream<Uint8Array> }> => {
  const reader = bytes.getReader();
  const chunks: Uint8Array[] = [];
  let read = 0;
  let ended = false;
  while (read < SNIFFED_BYTES && !ended) {
    const { done, value } = await reader.read();
    if (done) ended = true;
    else {
      chunks.push(value);
      read += value.length;
    }
  }
  const whole = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const held = chunks.shift();
      if (held) return controller.enqueue(held);
      if (ended) return controller.close();
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { head: headOf(chunks), whole };
};

/** The first bytes of what is at most a little longer. */
const headOf = (chunks: readonly Uint8Array[]): Uint8Array => {
  const head = new Uint8Array(
    Math.min(
      SNIFFED_BYTES,
      chunks.reduce((sum, { length }) => sum + length, 0),
    ),
  );
  let at = 0;
  for (const chunk of chunks) {
    if (at >= head.length) break;
    head.set(chunk.subarray(0, head.length - at), at);
    at += chunk.length;
  }
  return head;
};

/** Lets through what stays within a limit, and counts it. */
export class Measured {
  /** Bytes that have passed. */
  passed = 0;

  /** @param tooMany what the stream fails with when there are more than `most` bytes */
  through(bytes: ReadableStream<Uint8Array>, most: number, tooMany: () => Error): ReadableStream<Uint8Array> {
    return bytes.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          this.passed += chunk.length;
          if (this.passed > most) throw tooMany();
          controller.enqueue(chunk);
        },
      }),
    );
  }
}
