import type { AddressInfo } from 'node:net';
import compress from '@fastify/compress';
import websocket from '@fastify/websocket';
import { type HttpContract, httpContract } from '@pocketping/testing';
import Fastify, { type FastifyInstance } from 'fastify';
import { pocketping } from '../src/index.js';

/** Serves below a prefix, as an app would. */
const serveIn =
  (prefix: string, prepare: (app: FastifyInstance) => unknown = () => {}): HttpContract['serve'] =>
  async (engine, options) => {
    const app = Fastify();
    await prepare(app);
    await app.register(pocketping(engine, options), { prefix });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}${prefix}`, close: () => app.close() };
  };

httpContract({ name: 'Fastify', decodesPaths: 400, serve: serveIn('/pocketping') });

httpContract({
  name: 'Fastify with parsers, compression and WebSockets of the app',
  decodesPaths: 400,
  serve: serveIn('/api/chat', async (app) => {
    await app.register(websocket);
    await app.register(compress, { threshold: 0 });
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  }),
});
