import type { Latin1Bytes } from './answer.js';

/** Follows a body that comes in chunks to its end, trailers and all: https://www.rfc-editor.org/rfc/rfc9112#section-7.1 */
export class ChunkedBody {
  /** Bytes of the current chunk that are still to come, with the end of line after them. */
  #missing = 0;
  #line = '';
  #last = false;
  #ended = false;

  get ended(): boolean {
    return this.#ended;
  }

  /**
   * @returns where it stopped: at the body's end, or at `length`
   * @throws Error for a chunk that does not say how long it is
   */
  read(bytes: Latin1Bytes, from: number, length: number): number {
    let at = from;
    while (at < length && !this.#ended) {
      if (this.#missing > 0) {
        const taken = Math.min(this.#missing, length - at);
        this.#missing -= taken;
        at += taken;
      } else {
        const text = bytes.latin1Slice(at, Math.min(length, at + LINE_BYTES));
        const end = text.indexOf('\n') + 1;
        this.#line += end > 0 ? text.slice(0, end) : text;
        at += end > 0 ? end : text.length;
        if (end > 0) this.#endLine();
      }
    }
    return at;
  }

  #endLine(): void {
    const line = this.#line.trim();
    this.#line = '';
    if (this.#last) {
      // An empty line ends the trailers, of which there are none as a rule.
      this.#ended = line === '';
      return;
    }
    const size = Number.parseInt(line, 16);
    if (Number.isNaN(size)) throw new Error(`a chunk without a length: ${line}`);
    if (size === 0) this.#last = true;
    else this.#missing = size + '\r\n'.length;
  }
}

/** As much as the line before a chunk takes, and more. */
const LINE_BYTES = 32;
