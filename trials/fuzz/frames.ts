/** The opcodes of RFC 6455 §5.2. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameOptions {
  readonly fin?: boolean;
  /** The three reserved bits. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** What the head says, if not the truth. */
  readonly length?: number;
  /** More bytes for the length than it needs. */
  readonly wide?: boolean;
}

/** One frame from a client, sound or not. */
export const frameBytes = (
  opcode: number,
  payload: Buffer,
  { fin = true, reserved = 0, masked = true, length = payload.length, wide = false }: FrameOptions = {},
): Buffer => {
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);
  const body = masked ? payload.map((byte, index) => byte ^ (mask[index % 4] as number)) : payload;
  const bit = masked ? 0x80 : 0;
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  let head: Buffer;
  if (length < 126 && !wide) head = Buffer.from([first, bit | length]);
  else if (length < 65_536 && !wide) head = Buffer.from([first, bit | 126, length >> 8, length & 255]);
  else {
    head = Buffer.alloc(10);
    head[0] = first;
    head[1] = bit | 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, masked ? mask : Buffer.alloc(0), body]);
};

export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Cuts what a server says into frames. @throws Error for what a server must not say (RFC 6455 §5.1) */
export class FrameReader {
  #bytes = Buffer.alloc(0);

  push(chunk: Buffer): ServerFrame[] {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const frames: ServerFrame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): ServerFrame | undefined {
    const bytes = this.#bytes;
    if (bytes.length < 2) return undefined;
    const first = bytes[0] as number;
    const second = bytes[1] as number;
    if ((first & 0xf0) !== 0x80) throw new Error(`a frame begins with ${first}`);
    if ((second & 0x80) !== 0) throw new Error('the server masks a frame');
    const short = second & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < head) return undefined;
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < head + length) return undefined;
    this.#bytes = bytes.subarray(head + length);
    return { opcode: first & 0x0f, payload: bytes.subarray(head, head + length) };
  }
}
