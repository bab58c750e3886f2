import { connect, type Socket } from 'node:net';
import { AnswerReader, type Latin1Bytes } from './answer.js';

/** All connections read into one buffer: what arrives is looked at before the next one reads. */
const shared = Buffer.allocUnsafeSlow(256 * 1024);

/** A keep-alive connection with at most one request under way. */
export class Connection {
  readonly #socket: Socket;
  readonly #answers = new AnswerReader();
  #answered: () => void = () => {};

  private constructor(port: number, failed: (error: Error) => void) {
    const callback = (length: number): boolean => this.#read(length, failed);
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: shared, callback } });
    this.#socket.once('error', failed);
  }

  /** @param failed what to do when the connection breaks or the server refuses */
  static open(port: number, failed: (error: Error) => void): Promise<Connection> {
    const connection = new Connection(port, failed);
    return new Promise((resolve) => connection.#socket.once('connect', () => resolve(connection)));
  }

  /** Sends a request of ASCII characters; `answered` is called when its answer is complete. */
  send(request: string, answered: () => void): void {
    this.#answered = answered;
    this.#socket.write(request, 'latin1');
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(length: number, failed: (error: Error) => void): boolean {
    try {
      if (this.#answers.read(shared as typeof shared & Latin1Bytes, length) > 0) this.#answered();
    } catch (error) {
      failed(error as Error);
    }
    return true;
  }
}
