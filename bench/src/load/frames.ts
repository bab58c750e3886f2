export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Takes a server's frames (RFC 6455 §5.2: unmasked) out of the chunks they come in. */
export class FrameReader {
  #left: Buffer | undefined;

  /** The frames that are complete with this chunk. @throws Error for one of 64 KiB or more: nothing here is that long. */
  read(chunk: Buffer): ServerFrame[] {
    const bytes = this.#left ? Buffer.concat([this.#left, chunk]) : chunk;
    const frames: ServerFrame[] = [];
    let at = 0;
    while (bytes.length - at >= 2) {
      let length = (bytes[at + 1] as number) & 127;
      let start = at + 2;
      if (length === 127) throw new Error('a frame longer than expected');
      if (length === 126) {
        if (bytes.length < start + 2) break;
        length = bytes.readUInt16BE(start);
        start += 2;
      }
      if (bytes.length < start + length) break;
      frames.push({ opcode: (bytes[at] as number) & 15, payload: bytes.subarray(start, start + length) });
      at = start + length;
    }
    this.#left = at < bytes.length ? bytes.subarray(at) : undefined;
    return frames;
  }
}
