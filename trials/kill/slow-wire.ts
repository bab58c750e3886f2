import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * The way from visitors to the server: what the server says takes a while to arrive, and is lost when the server dies
 * on the way. So a visitor often does not hear that a message was taken, and sends it again.
 */
export class SlowWire {
  static async to(port: number, delayMs: number): Promise<SlowWire> {
    const wire = new SlowWire(port, delayMs);
    await new Promise<void>((resolve) => wire.#server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(port: number, delayMs: number) {
    this.#server = createServer((visitor) => {
      const server = connect(port, '127.0.0.1');
      this.#open.add(visitor);
      visitor.pipe(server);
      server.on('data', (bytes: Buffer) => {
        setTimeout(() => visitor.writable && visitor.write(bytes), delayMs);
      });
      const cut = () => {
        server.destroy();
        visitor.destroy();
        this.#open.delete(visitor);
      };
      for (const end of [server, visitor]) end.on('error', cut).on('close', cut);
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const visitor of this.#open) visitor.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
