/** A prime, so that no power of two that a store works in hides a part that stands in the wrong place. */
const PERIOD = 65_521;
const CHUNK = 64 * 1024;

const pattern = Uint8Array.from({ length: PERIOD + CHUNK }, (_, place) => ((place % PERIOD) * 167 + 13) >> 3);

/** Bytes `from` to `from + count` of what `seed` stands for, `count` being 64 KiB at most. */
const bytesAt = (from: number, count: number, seed: number): Uint8Array => {
  const start = (from + seed * 7919) % PERIOD;
  return pattern.subarray(start, start + count);
};

export interface Watch {
  /** Called after each piece with the bytes so far; the stream goes on when it resolves. */
  progress?(bytes: number): void | Promise<void>;
  /** The stream fails with this once all bytes were given, instead of ending. */
  readonly failure?: Error;
  cancelled?(): void;
}

/** `size` bytes that are made as they are asked for; every `seed` stands for others. */
export const content = (size: number, seed = 0, watch: Watch = {}): ReadableStream<Uint8Array> => {
  let given = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (given < size) {
          const count = Math.min(CHUNK, size - given);
          controller.enqueue(bytesAt(given, count, seed).slice());
          given += count;
          await watch.progress?.(given);
        } else if (watch.failure) controller.error(watch.failure);
        else controller.close();
      },
      cancel: () => watch.cancelled?.(),
    },
    { highWaterMark: 0 },
  );
};

/** The same at once, for what is small. */
export const smallContent = async (size: number, seed = 0): Promise<Uint8Array<ArrayBuffer>> => {
  const whole = new Uint8Array(size);
  let at = 0;
  for await (const chunk of content(size, seed)) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

/**
 * Reads a stream to its end and says in what it differs from `size` bytes of what `seed` stands for, the first of which is
 * the one at `from`; nothing where it does not.
 */
export const differenceIn = async (
  stream: ReadableStream<Uint8Array>,
  size: number,
  seed = 0,
  { from = 0, progress }: { readonly from?: number } & Pick<Watch, 'progress'> = {},
): Promise<string | undefined> => {
  let read = 0;
  for await (const chunk of stream) {
    for (let at = 0; at < chunk.length; at += CHUNK) {
      const piece = chunk.subarray(at, at + CHUNK);
      if (Buffer.compare(piece, bytesAt(from + read, piece.length, seed)) !== 0) {
        return `other bytes between ${from + read} and ${from + read + piece.length}`;
      }
      read += piece.length;
    }
    await progress?.(read);
  }
  return read === size ? undefined : `${read} bytes instead of ${size}`;
};
