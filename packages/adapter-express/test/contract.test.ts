import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpContract, httpContract } from '@pocketping/testing';
import compression from 'compression';
import express, { type Express } from 'express';
import express4 from 'express-4';
import { pocketping } from '../src/index.js';

/** Serves below a path, as an app would. */
const serveIn =
  (path: string, createApp: () => Express): HttpContract['serve'] =>
  async (engine, options) => {
    const app = createApp();
    const middleware = pocketping(engine, options);
    app.use(path, middleware);
    const server = createServer(app);
    middleware.attach(server, { path });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}${path}`,
      close: async () => {
        const closed = new Promise((resolve) => server.close(resolve));
        await middleware.close();
        server.closeIdleConnections();
        await closed;
      },
    };
  };

httpContract({ name: 'Express 5', serve: serveIn('/pocketping', express) });

httpContract({ name: 'Express 4', serve: serveIn('/pocketping', express4) });

for (const [version, create] of [
  ['5', express],
  ['4', express4],
] as const) {
  httpContract({
    name: `Express ${version} behind express.json() and compression`,
    parsesFirst: true,
    serve: serveIn('/api/chat', () => create().use(compression({ threshold: 0 }), create.json())),
  });
}
