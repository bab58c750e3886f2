import type { AttachmentId } from '@pocketping/protocol';
import { PocketPingError } from '../errors.js';
import { isId } from '../ids.js';
import type { ByteRange, FileStore } from '../ports/files.js';

const PIECE_BYTES = 64 * 1024;

/** Files in this process's memory. For tests and trials: all of them are gone when the process ends. */
export class MemoryFileStore implements FileStore {
  readonly #files = new Map<AttachmentId, Uint8Array>();

  async write(id: AttachmentId, bytes: ReadableStream<Uint8Array>): Promise<void> {
    if (!isId('attachment', id)) {
      await bytes.cancel().catch(() => {});
      throw new TypeError(`Not the id of an attachment: ${JSON.stringify(id)}`);
    }
    const chunks: Uint8Array[] = [];
    const reader = bytes.getReader();
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      size += value.length;
    }
    const file = new Uint8Array(size);
    let at = 0;
    for (const chunk of chunks) {
      file.set(chunk, at);
      at += chunk.length;
    }
    this.#files.set(id, file);
  }

  async open(id: AttachmentId, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
    const file = this.#files.get(id);
    if (!file) throw new PocketPingError('not_found', `There is no file ${id}.`);
    const end = range ? Math.min(range.last + 1, file.length) : file.length;
    let at = range?.first ?? 0;
    return new ReadableStream({
      pull(controller) {
        if (at >= end) return controller.close();
        controller.enqueue(file.slice(at, Math.min(at + PIECE_BYTES, end)));
        at += PIECE_BYTES;
      },
    });
  }

  async size(id: AttachmentId): Promise<number | null> {
    return this.#files.get(id)?.length ?? null;
  }

  async remove(id: AttachmentId): Promise<void> {
    this.#files.delete(id);
  }

  /** What is kept, for whoever counts. */
  get ids(): AttachmentId[] {
    return [...this.#files.keys()];
  }
}
