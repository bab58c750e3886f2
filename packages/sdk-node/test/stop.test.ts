import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemoryStorage } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import express from 'express';
import Fastify from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PocketPing } from '../src/index.js';
import { routeOf } from './next.js';
import { Visitor } from './visitor.js';

const begin = () => {
  const storage = new MemoryStorage();
  const pp = new PocketPing({ storage, logger: recordingLogger() });
  onTestFinished(() => pp.stop());
  return { pp, storage };
};

interface Mounted {
  readonly server: Server;
  readonly url: string;
}

const at = (server: Server): Mounted => ({
  server,
  url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/pocketping`,
});

const inExpress = async (pp: PocketPing): Promise<Mounted> => {
  const app = express();
  app.use('/pocketping', pp.middleware());
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((listening) => server.once('listening', listening));
  return at(server);
};

const inFastify = async (pp: PocketPing): Promise<Mounted> => {
  const app = Fastify();
  onTestFinished(() => app.close());
  app.register(pp.fastifyPlugin, { prefix: '/pocketping' });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return at(app.server);
};

/** A message that has come but for its end. @returns what sends the rest, and resolves with the status of the answer */
const halfSaid = async ({ server, url }: Mounted, { sessionId, token }: Visitor, content: string) => {
  const body = JSON.stringify({ sessionId, content });
  const come = new Promise((resolve) => server.once('request', resolve));
  const sent = request(`${url}/message`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${token}`,
    },
  });
  const status = new Promise<number | undefined>((resolve, reject) => {
    sent.once('response', (response) => resolve(response.resume().statusCode)).once('error', reject);
  });
  sent.write(body.slice(0, 10));
  await come;
  return () => {
    sent.end(body.slice(10));
    return status;
  };
};

const contents = async (storage: MemoryStorage, { sessionId }: Visitor) =>
  (await storage.messages(sessionId, { after: 0, limit: 10 })).map(({ content }) => content);

describe('pp.stop()', () => {
  it.each([
    ['Express', inExpress],
    ['Fastify', inFastify],
  ])('lets a request that is under way in %s finish before the engine ends', async (_name, mount) => {
    const { pp, storage } = begin();
    const mounted = await mount(pp);
    const visitor = await Visitor.connect(mounted.url);
    const sayTheRest = await halfSaid(mounted, visitor, 'in the middle of it');
    const stopped = pp.stop();
    // Whoever comes now is sent away.
    await expect(visitor.say('too late')).rejects.toThrow('503');
    expect(await sayTheRest()).toBe(200);
    await stopped;
    expect(await contents(storage, visitor)).toEqual(['in the middle of it']);
  });

  it('ends the streams of Next at once, and takes nothing more there, while requests finish elsewhere', async () => {
    const { pp, storage } = begin();
    const mounted = await inExpress(pp);
    const route = routeOf({ GET: pp.nextHandler(), POST: pp.nextHandler() });
    const address = 'https://shop.example/api/pocketping';
    const visitor = await Visitor.connect(address, route);
    const { sessionId, token } = visitor;
    const stream = await route(`${address}/stream?sessionId=${sessionId}`, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    });
    expect(stream.status).toBe(200);
    const sayTheRest = await halfSaid(mounted, visitor, 'in the middle of it');
    const stopped = pp.stop();
    await stream.text();
    await expect(visitor.say('too late')).rejects.toThrow('503');
    // Express was still at it.
    expect(await sayTheRest()).toBe(200);
    await stopped;
    expect(await contents(storage, visitor)).toEqual(['in the middle of it']);
  });

  it('waits for handlers, which can answer until they have finished', async () => {
    const { pp, storage } = begin();
    const { url } = await inExpress(pp);
    let goOn = () => {};
    const going = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const called = vi.fn();
    pp.onEvent('order', async (_event, { id }) => {
      called();
      await going;
      await pp.sendMessage(id, { content: 'Thank you' });
    });
    const visitor = await Visitor.connect(url);
    await visitor.trigger('order');
    await vi.waitFor(() => expect(called).toHaveBeenCalledTimes(1));
    const stopped = pp.stop();
    await expect(visitor.say('too late')).rejects.toThrow('503');
    goOn();
    await stopped;
    expect(await contents(storage, visitor)).toEqual(['Thank you']);
  });
});

describe('pp.attach()', () => {
  it.each([
    ['the app', (): unknown => express()],
    ['undefined', () => undefined],
    ['a Fastify', () => Fastify()],
  ])('refuses %s in place of the server, saying what to pass', (_what, given) => {
    const { pp } = begin();
    expect(() => pp.attach(given() as Server)).toThrow(TypeError);
    expect(() => pp.attach(given() as Server)).toThrow(/^attach: pass what app\.listen\(\) returns/);
  });
});
