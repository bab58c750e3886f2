import type { Readable } from 'node:stream';

/** The body of an answer, read only as it is asked for: a file may be larger than memory, and its reader slow. */
export const readable = (body: Readable): ReadableStream<Uint8Array> => {
  const iterator: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      // An iterator that was never asked for anything would leave the connection open.
      cancel: () => void body.destroy(),
    },
    { highWaterMark: 0 },
  );
};
