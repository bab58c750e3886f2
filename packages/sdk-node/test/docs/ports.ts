import type { AddressInfo } from 'node:net';
import { Server } from 'node:net';
import { onTestFinished, vi } from 'vitest';

/**
 * The page's ports, 3000 for the app and 3001 for the bridge server, may be somebody else's on this machine. What wants to listen on
 * the one gets a free one, and what is sent to the other goes to `bridgeServer`.
 */
export const ports = (bridgeServer: string): { readonly app: () => Promise<Server> } => {
  const { listen } = Server.prototype;
  const { fetch } = globalThis;
  let listening: (server: Server) => void;
  const app = new Promise<Server>((resolve) => {
    listening = resolve;
  });
  const listener = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...given) {
    const [first, ...rest] = given as unknown[];
    const isApp = first === 3000 || (first as { port?: number } | undefined)?.port === 3000;
    if (!isApp) return Reflect.apply(listen, this, given);
    this.once('listening', () => listening(this));
    onTestFinished(() => void this.close());
    return Reflect.apply(listen, this, [first === 3000 ? 0 : { ...(first as object), port: 0 }, ...rest]);
  });
  const fetcher = vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const address =
      input instanceof Request ? input : `${input}`.replace('http://localhost:3001', bridgeServer);
    return fetch(address, init);
  });
  onTestFinished(() => {
    listener.mockRestore();
    fetcher.mockRestore();
  });
  return { app: () => app };
};

export const portOf = (server: Server): number => (server.address() as AddressInfo).port;
