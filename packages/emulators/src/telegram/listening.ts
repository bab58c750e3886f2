import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** A port that is open. */
export interface Listening {
  /** `http://<host>:<port>` */
  readonly origin: string;
  /** Cuts the connections. */
  close(): Promise<void>;
}

/**
 * Opens a port.
 * @param handler answers a request, or returns false for one that is not its own
 * @param upgrade takes a connection that becomes a WebSocket, or returns false for one that is not its own
 * @throws Error if the port is taken
 */
export async function listen(
  handler: (request: IncomingMessage, response: ServerResponse) => boolean,
  port: number,
  host: string,
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean,
): Promise<Listening> {
  const server = createServer((request, response) => {
    if (!handler(request, response)) notHere(response);
  });
  if (upgrade) {
    server.on('upgrade', (request, socket, head) => {
      if (!upgrade(request, socket, head)) socket.destroy();
    });
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: chosen } = server.address() as AddressInfo;
  return {
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`,
    close: () => closed(server),
  };
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

const notHere = (response: ServerResponse): void => {
  const body = JSON.stringify({ ok: false, error_code: 404, description: 'Not Found' });
  response.writeHead(404, { 'content-type': 'application/json' }).end(body);
};
