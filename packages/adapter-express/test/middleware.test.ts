import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemoryStorage, PocketPing } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import express, { type Express } from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { pocketping } from '../src/index.js';

const listen = async (app: Express): Promise<{ server: Server; url: string }> => {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const engine = () => {
  const pp = new PocketPing({ storage: new MemoryStorage(), logger: recordingLogger() });
  onTestFinished(() => pp.stop());
  return pp;
};

const connect = async (url: string) => {
  const response = await fetch(`${url}/connect`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ visitorId: 'v' }),
  });
  return { status: response.status, body: (await response.json()) as { sessionId: string; token: string } };
};

describe('the Express middleware', () => {
  it.each([
    ['express.raw()', express.raw({ type: '*/*' })],
    ['express.text()', express.text({ type: '*/*' })],
    ['express.json()', express.json()],
    ['express.urlencoded()', express.urlencoded()],
  ])('works behind %s', async (_name, parser) => {
    const app = express();
    app.use(parser, pocketping(engine()));
    const { url } = await listen(app);
    expect(await connect(url)).toMatchObject({ status: 200, body: { token: expect.any(String) } });
  });

  it('works in a router, and leaves the rest of the app alone', async () => {
    const app = express();
    const router = express.Router();
    router.use('/chat', pocketping(engine()));
    app.use('/api', router);
    app.get('/hello', (_req, res) => {
      res.send('hello');
    });
    const { url } = await listen(app);
    expect((await connect(`${url}/api/chat`)).status).toBe(200);
    expect(await (await fetch(`${url}/hello`)).text()).toBe('hello');
    expect((await fetch(`${url}/api/chat/nothing`)).status).toBe(404);
  });

  it('without a path passes on what is none of its routes, as it came', async () => {
    const app = express();
    app.use(pocketping(engine()));
    app.use(express.json());
    app.post('/double', (req, res) => {
      res.json({ twice: req.body.n * 2 });
    });
    const { url } = await listen(app);
    const { status, body } = await connect(url);
    expect(status).toBe(200);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${body.token}` };
    const doubled = await fetch(`${url}/double?a=b`, { method: 'POST', headers, body: '{"n":2}' });
    expect(await doubled.json()).toEqual({ twice: 4 });
    // A route of ours is ours whatever the method, and with a query.
    expect((await fetch(`${url}/connect`)).status).toBe(405);
    const messages = await fetch(`${url}/messages?sessionId=${body.sessionId}`, { headers });
    expect(messages.status).toBe(200);
    const unknown = await fetch(`${url}/nothing`);
    expect(await unknown.text()).toContain('Cannot GET /nothing');
  });

  it('serves WebSockets from the first request on, without being attached', async () => {
    const app = express();
    app.use('/api/chat', pocketping(engine()));
    const { server, url } = await listen(app);
    const early = new WebSocket(`${url.replace('http', 'ws')}/api/chat/stream?sessionId=s`);
    const status = await new Promise((resolve) => {
      early.on('error', () => {});
      early.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    expect(status).toBe(401);
    const { body } = await connect(`${url}/api/chat`);
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/chat/stream?sessionId=${body.sessionId}`);
    const frame = await new Promise((resolve) => {
      socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', data: { token: body.token } })));
      socket.on('message', (data) => resolve(JSON.parse(data.toString())));
    });
    expect(frame).toMatchObject({ type: 'ping' });
    socket.terminate();
    expect(server.listenerCount('upgrade')).toBe(1);
  });
});
