/**
 * Cuts a stream into parts of exactly `size` bytes, the last of which may be shorter or empty: some stores insist that
 * all others are alike. Holds one at a time. Whoever returns early cancels the stream.
 */
export async function* inParts(
  bytes: ReadableStream<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array, undefined> {
  let pieces: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of bytes) {
    let rest = chunk;
    while (held + rest.length >= size) {
      pieces.push(rest.subarray(0, size - held));
      rest = rest.subarray(size - held);
      const part = joined(pieces, size);
      pieces = [];
      held = 0;
      yield part;
    }
    if (rest.length === 0) continue;
    pieces.push(rest);
    held += rest.length;
  }
  yield joined(pieces, held);
}

const joined = (pieces: readonly Uint8Array[], size: number): Uint8Array => {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};
