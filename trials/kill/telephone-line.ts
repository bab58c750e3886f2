import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TelegramEmulator } from '@pocketping/emulators';

/** Leads to the emulated Telegram, and knows when a dead caller's last word has arrived. */
export class TelephoneLine {
  static async to(telegram: TelegramEmulator): Promise<TelephoneLine> {
    const line = new TelephoneLine(telegram);
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  readonly #server: Server;
  #running = 0;

  private constructor(telegram: TelegramEmulator) {
    this.#server = createServer((request, response) => {
      this.#running++;
      response.once('close', () => {
        this.#running--;
      });
      telegram.handler(request, response);
    });
  }

  get apiRoot(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when nobody is on the line: what was sent has been heard, and has had its effect. */
  async quiet(): Promise<void> {
    while (this.#running > 0 || (await this.#connections()) > 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  }
}
