import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { FrameReader } from './frames.js';

/**
 * The client's end of a WebSocket with little of its own: ten thousand of them must not keep the load's core from
 * noticing when the last one has its frame.
 */
export class LoadSocket {
  /** Called with each text that comes; to be replaced at any time. */
  heard: (text: string) => void = () => {};
  readonly #socket: Socket;
  readonly #frames = new FrameReader();
  #isOpen = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Resolves when the server has accepted. */
  static open(port: number, path: string): Promise<LoadSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      const opened = new LoadSocket(socket);
      socket.on('data', (chunk) => {
        try {
          const isFirst = !opened.#isOpen;
          opened.#read(chunk);
          if (isFirst && opened.#isOpen) resolve(opened);
        } catch (error) {
          reject(error);
        }
      });
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the server closed a WebSocket')));
      socket.write(
        `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: Upgrade\r\n` +
          `sec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
      );
    });
  }

  /** @param text in ASCII, of less than 64 KiB */
  send(text: string): void {
    this.#write(TEXT, Buffer.from(text, 'latin1'));
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    let frames = chunk;
    if (!this.#isOpen) {
      const end = chunk.indexOf('\r\n\r\n');
      const head = chunk.toString('latin1', 0, end < 0 ? chunk.length : end);
      if (end < 0 || !head.startsWith('HTTP/1.1 101')) throw new Error(`no WebSocket: ${head}`);
      this.#isOpen = true;
      frames = chunk.subarray(end + 4);
    }
    for (const { opcode, payload } of this.#frames.read(frames)) {
      if (opcode === TEXT) this.heard(payload.toString('utf8'));
      else if (opcode === PING) this.#write(PONG, payload);
    }
  }

  /** A client has to mask what it sends (RFC 6455 §5.3); with a key of zeros nothing changes. */
  #write(opcode: number, payload: Buffer): void {
    const { length } = payload;
    const head =
      length < 126 ? [0x80 | opcode, 0x80 | length] : [0x80 | opcode, 0x80 | 126, length >> 8, length & 255];
    this.#socket.write(Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]));
  }
}

const TEXT = 1;
const PING = 9;
const PONG = 10;
