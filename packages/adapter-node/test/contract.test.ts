import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpContract } from '@pocketping/testing';
import { createHandler } from '../src/index.js';

httpContract({
  name: 'node:http',
  serve: async (engine, options) => {
    const handler = createHandler(engine, options);
    const server = createServer(handler.handle);
    handler.attach(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}/pocketping`,
      close: async () => {
        const closed = new Promise((resolve) => server.close(resolve));
        await handler.close();
        server.closeIdleConnections();
        await closed;
      },
    };
  },
});
