import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { recordingLogger } from '@pocketping/testing';
import express from 'express';
import Fastify from 'fastify';
import { expect, it, onTestFinished, vi } from 'vitest';
import { PocketPing, type PocketPingConfig } from '../src/index.js';
import { bridgeServer } from './desk.js';
import { routeOf } from './next.js';
import { Visitor } from './visitor.js';

const begin = async (more: PocketPingConfig = {}) => {
  const { url, desk } = await bridgeServer('secret');
  const pp = new PocketPing({
    bridgeUrl: url,
    apiKey: 'secret',
    welcomeMessage: 'Hi!',
    logger: recordingLogger(),
    ...more,
  });
  onTestFinished(() => pp.stop());
  return { pp, desk };
};

type Team = Awaited<ReturnType<typeof bridgeServer>>['desk'];

const isAnswered = async (visitor: Visitor, desk: Team) => {
  expect(visitor.welcomeMessage).toBe('Hi!');
  await visitor.say('Is anybody there?');
  await vi.waitFor(() => expect(desk.posts).toEqual(['Is anybody there?']), 10_000);
  await desk.reply('I am');
  await vi.waitFor(() => expect(visitor.heard).toEqual(['I am']), 10_000);
};

const addressOf = async (server: Server): Promise<string> => {
  if (!server.listening) await new Promise((listening) => server.once('listening', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/pocketping`;
};

it('a visitor of an Express app is answered over a WebSocket, from a server in another process', async () => {
  const { pp, desk } = await begin();
  const app = express();
  app.use('/pocketping', pp.middleware());
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  const visitor = await Visitor.connect(await addressOf(server));
  await isAnswered(await visitor.openWebSocket(), desk);
});

it('a visitor of a Fastify app is answered over a WebSocket', async () => {
  const { pp, desk } = await begin();
  const app = Fastify();
  onTestFinished(() => app.close());
  app.register(pp.fastifyPlugin, { prefix: '/pocketping' });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const visitor = await Visitor.connect(await addressOf(app.server));
  await isAnswered(await visitor.openWebSocket(), desk);
});

it('a visitor of a route of Next is answered over server-sent events', async () => {
  const { pp, desk } = await begin();
  const send = routeOf({ GET: pp.nextHandler(), POST: pp.nextHandler() });
  const visitor = await Visitor.connect('https://shop.example/api/pocketping', send);
  await isAnswered(await visitor.openEventStream(), desk);
});

it('takes WebSockets before the first request where it is attached to the server', async () => {
  const { pp } = await begin();
  const app = express();
  app.use('/chat', pp.middleware());
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  const url = (await addressOf(server)).replace('/pocketping', '/chat');
  expect(server.listenerCount('upgrade')).toBe(0);
  const detach = pp.attach(server, { path: '/chat' });
  expect(server.listenerCount('upgrade')).toBe(1);
  await (await Visitor.connect(url)).openWebSocket();
  expect(server.listenerCount('upgrade')).toBe(1);
  detach();
  expect(server.listenerCount('upgrade')).toBe(0);
});

it('takes them as the middleware does that was given options of its own', async () => {
  const logger = recordingLogger();
  const { pp } = await begin({ logger });
  const app = express();
  app.use('/pocketping', pp.middleware({ origins: ['https://shop.example'] }));
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  pp.attach(server);
  const visitor = await Visitor.connect(await addressOf(server));
  await visitor.openWebSocket('https://shop.example');
  expect(server.listenerCount('upgrade')).toBe(1);
  expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

it('serves as the middleware was told, where that differs from what the constructor was told', async () => {
  const { pp } = await begin({ origins: ['https://www.example'] });
  const app = express();
  app.use('/pocketping', pp.middleware());
  app.use('/shop', pp.middleware({ origins: ['https://shop.example'] }));
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  const root = (await addressOf(server)).replace('/pocketping', '');
  const statusFor = async (path: string, origin: string) =>
    (await fetch(`${root}${path}/presence`, { headers: { origin } })).status;
  expect(await statusFor('/pocketping', 'https://www.example')).toBe(200);
  expect(await statusFor('/pocketping', 'https://shop.example')).toBe(403);
  expect(await statusFor('/shop', 'https://shop.example')).toBe(200);
  expect(await statusFor('/shop', 'https://www.example')).toBe(403);
});

it('ends the streams of Fastify, and those of Next, when it is stopped', async () => {
  const { pp } = await begin();
  const app = Fastify();
  onTestFinished(() => app.close());
  app.register(pp.fastifyPlugin, { prefix: '/pocketping' });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = await addressOf(app.server);
  const send = routeOf({ GET: pp.nextHandler(), POST: pp.nextHandler() });
  const overFastify = await Visitor.connect(url);
  const overNext = await Visitor.connect('https://shop.example/api/pocketping', send);
  const streams = await Promise.all(
    [overFastify, overNext].map(({ sessionId, token }, index) => {
      const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
      const address = `${index === 0 ? url : 'https://shop.example/api/pocketping'}/stream?sessionId=${sessionId}`;
      return index === 0 ? fetch(address, { headers }) : send(address, { headers });
    }),
  );
  expect(streams.map(({ status }) => status)).toEqual([200, 200]);
  await Promise.all([pp.stop(), ...streams.map((stream) => stream.text())]);
});

it('is one handler however often it is asked for, so that limits count over all of them', async () => {
  const { pp } = await begin({ rateLimits: { message: { requests: 1, perMs: 60_000 } } });
  expect(pp.middleware()).toBe(pp.middleware());
  expect(pp.fastifyPlugin).toBe(pp.fastifyPlugin);
  expect(pp.nextHandler({ maxDuration: 60 })).toBe(pp.nextHandler({ maxDuration: 60 }));
  expect(pp.nextHandler({ maxDuration: 60 })).not.toBe(pp.nextHandler());
  const send = routeOf({ POST: pp.nextHandler() });
  const visitor = await Visitor.connect('https://shop.example/api/pocketping', send);
  await visitor.say('one');
  await expect(visitor.say('two')).rejects.toThrow('429');
});

it('ends streams and answers nobody any more once it is stopped', async () => {
  const { pp } = await begin();
  const app = express();
  app.use('/pocketping', pp.middleware());
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  const url = await addressOf(server);
  const visitor = await Visitor.connect(url);
  const stream = await fetch(`${url}/stream?sessionId=${visitor.sessionId}`, {
    headers: { authorization: `Bearer ${visitor.token}`, accept: 'text/event-stream' },
  });
  const [first] = await Promise.all([pp.stop(), stream.text()]);
  expect(first).toBeUndefined();
  await expect(pp.stop()).resolves.toBeUndefined();
  await expect(visitor.say('hello?')).rejects.toThrow('503');
});
