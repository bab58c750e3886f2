import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** A TCP connection on which anything can be said. */
export class Connection {
  readonly sent: Buffer[] = [];
  readonly heard: Buffer[] = [];
  readonly #socket: Socket;
  #closed = false;
  #changed = () => {};

  constructor(port: number, onData: (chunk: Buffer) => void) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (chunk) => {
      this.heard.push(chunk);
      onData(chunk);
      this.#changed();
    });
    // Reset while something was on its way: the end, like any other.
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.#closed = true;
      this.#changed();
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  get heardText(): string {
    return Buffer.concat(this.heard).toString('latin1');
  }

  write(bytes: Buffer): void {
    this.sent.push(bytes);
    if (!this.#socket.writableEnded) this.#socket.write(bytes);
  }

  /** In several packets, as far as that can be brought about. */
  async writeInPieces(pieces: readonly Buffer[]): Promise<void> {
    for (const piece of pieces) {
      this.write(piece);
      await turn();
    }
  }

  /** Waits until something holds, the connection is closed, or so many milliseconds have passed. @returns whether it holds */
  async until(holds: () => boolean, withinMs: number): Promise<boolean> {
    const deadline = performance.now() + withinMs;
    while (!holds()) {
      const left = deadline - performance.now();
      if (this.#closed) return false;
      if (left <= 0) {
        // Had this process been kept from running, what came meanwhile would be read only now.
        await turn();
        return holds();
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return true;
  }

  /** Ends politely. */
  end(): void {
    this.#socket.end();
  }

  /** Ends at once; this end does not linger in the system's tables. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }
}
