import { connect, type Socket } from 'node:net';
import { expect } from 'vitest';
import { until } from './world.js';

/** A TCP connection on which a test can say anything. */
export class RawConnection {
  received = Buffer.alloc(0);
  closed = false;
  readonly socket: Socket;
  private readonly mount: string;
  private readonly host: string;

  constructor(url: string) {
    const { hostname, port, host, pathname } = new URL(url);
    this.mount = pathname;
    this.host = host;
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk]);
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.closed = true;
    });
  }

  /** Writes the head of a request below the mount. */
  head(method: string, path: string, headers: Record<string, string>): void {
    const lines = Object.entries({ host: this.host, ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    this.socket.write(`${method} ${this.mount}${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  get text(): string {
    return this.received.toString('latin1');
  }

  /** Resolves once the server has said this, or gone. */
  async hears(text: string): Promise<void> {
    await until(() => this.text.includes(text) || this.closed);
    expect(this.text).toContain(text);
  }

  async closes(): Promise<void> {
    await until(() => this.closed);
  }
}

/** A WebSocket by hand, so that it can break the rules of RFC 6455. */
export const rawWebSocket = async (
  url: string,
  sessionId: string,
  headers: Record<string, string> = {},
): Promise<RawConnection> => {
  const connection = new RawConnection(url);
  connection.head('GET', `/stream?sessionId=${sessionId}`, { ...handshake, ...headers });
  await until(() => connection.text.includes('\r\n\r\n') || connection.closed);
  return connection;
};

export const handshake = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** A frame of RFC 6455 §5.2, masked with zeros; `length` may lie about the payload. */
export const rawFrame = (
  opcode: number,
  payload: Uint8Array,
  { masked = true, length = payload.length } = {},
) => {
  const head = Buffer.alloc(10);
  head[0] = 0x80 | opcode;
  head[1] = (masked ? 0x80 : 0) | 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, Buffer.alloc(masked ? 4 : 0), payload]);
};
