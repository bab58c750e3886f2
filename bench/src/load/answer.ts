import { ChunkedBody } from './chunked.js';

/** Node's buffers have this method; its types leave it out. */
export interface Latin1Bytes extends Uint8Array {
  latin1Slice(start: number, end: number): string;
}

/** Follows the answers on one connection without looking at more of them than it must. */
export class AnswerReader {
  /** Bytes of the current answer that are still to come, once its head has been read; -1 before. */
  #missing = -1;
  #chunked: ChunkedBody | undefined;
  #head = '';

  /**
   * @returns how many answers ended in this chunk
   * @throws Error for an answer that is not 200, or whose end cannot be told from its head
   */
  read(chunk: Latin1Bytes, length: number): number {
    let ended = 0;
    let at = 0;
    while (at < length) {
      if (this.#missing < 0) {
        const before = this.#head.length;
        this.#head += chunk.latin1Slice(at, Math.min(length, at + HEAD_BYTES));
        const end = this.#head.indexOf('\r\n\r\n');
        if (end < 0) return ended;
        at += end + 4 - before;
        this.#begin(this.#head.slice(0, end));
        this.#head = '';
      }
      if (this.#chunked) {
        at = this.#chunked.read(chunk, at, length);
        if (!this.#chunked.ended) return ended;
      }
      const taken = Math.min(this.#missing, length - at);
      at += taken;
      this.#missing -= taken;
      if (this.#missing > 0) return ended;
      this.#missing = -1;
      ended++;
    }
    return ended;
  }

  #begin(head: string): void {
    // Counting refusals would measure nothing.
    if (!head.startsWith('200', 'HTTP/1.1 '.length)) throw new Error(`the server answered: ${head}`);
    const length = /^content-length: (\d+)$/im.exec(head)?.[1];
    const chunked = /^transfer-encoding: chunked$/im.test(head);
    if (length === undefined && !chunked) throw new Error(`an answer without a length: ${head}`);
    this.#missing = Number(length ?? 0);
    this.#chunked = chunked ? new ChunkedBody() : undefined;
  }
}

/** More than any head that is expected. */
const HEAD_BYTES = 2048;
