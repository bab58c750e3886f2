/** Every byte there is, and what ends lines, headers and parts of a form. */
export const awkwardBytes: Uint8Array = new Uint8Array([
  ...Array.from({ length: 256 }, (_, at) => at),
  ...new TextEncoder().encode('\r\n\r\n--\r\n----boundary--\r\n\0\uFEFF<script>'),
]);

/** A pixel. */
export const PNG: Uint8Array = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=='),
  (character) => character.charCodeAt(0),
);

/** The bytes in pieces, one for each time that somebody asks for more; then the end, or the failure. */
export const streamOf = (
  bytes: Uint8Array,
  failure?: Error,
  pieceBytes = PIECE,
): ReadableStream<Uint8Array> => {
  let at = 0;
  return new ReadableStream(
    {
      pull: (controller) => {
        const piece = bytes.slice(at, at + pieceBytes);
        at += pieceBytes;
        if (piece.length > 0) controller.enqueue(piece);
        else if (failure) controller.error(failure);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
};

const PIECE = 16 * 1024;

export const bytesIn = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array> =>
  new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
