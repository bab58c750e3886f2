import type { FileHandle } from 'node:fs/promises';

/** Bytes that are read at once. */
const CHUNK = 64 * 1024;

/**
 * The bytes of an open file from `start` to just before `end`, read only as they are asked for. The file is closed with
 * the stream.
 */
export const readable = (handle: FileHandle, start: number, end: number): ReadableStream<Uint8Array> => {
  let position = start;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const count = Math.min(CHUNK, end - position);
          if (count <= 0) {
            await handle.close();
            controller.close();
            return;
          }
          const { bytesRead, buffer } = await handle.read(new Uint8Array(count), 0, count, position);
          if (bytesRead === 0) throw new Error('The file became shorter while it was read.');
          position += bytesRead;
          controller.enqueue(buffer.subarray(0, bytesRead));
        } catch (error) {
          await handle.close().catch(() => {});
          throw error;
        }
      },
      cancel: () => handle.close(),
    },
    { highWaterMark: 0 },
  );
};
