import { createServer, type RequestListener } from 'node:http';
import { pocketping } from '@pocketping/adapter-express';
import { pocketping as fastifyPlugin } from '@pocketping/adapter-fastify';
import { nextHandler } from '@pocketping/adapter-next';
import { createHandler, type HandlerOptions } from '@pocketping/adapter-node';
import { type Logger, MemoryStorage, PocketPing, type StoragePort } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import express from 'express';
import Fastify from 'fastify';
import { TimedBridge } from './bridge.js';
import { databaseFile } from './database-file.js';
import { populate } from './populate.js';
import { type EngineKind, listen, type Subject } from './subject.js';

/** So many in a moment that nobody is refused; whoever asks is counted all the same. */
const GENEROUS = { requests: 1e9, perMs: 1000 };

const OPTIONS: HandlerOptions = {
  rateLimits: {
    connect: GENEROUS,
    message: GENEROUS,
    change: GENEROUS,
    read: GENEROUS,
    typing: GENEROUS,
    session: GENEROUS,
    history: GENEROUS,
    stream: GENEROUS,
    public: GENEROUS,
    refused: GENEROUS,
    address: GENEROUS,
  },
  streams: { total: 100_000, perAddress: 100_000 },
  pendingSockets: { total: 100_000, perAddress: 100_000 },
};

const logger: Logger = {
  debug: () => {},
  info: () => {},
  warn: (fields, message) => console.warn(message, fields),
  error: (fields, message) => console.error(message, fields),
};

/** PocketPing as a site would set it up, with every guarantee on. Each `populate` begins with a new engine. */
export async function engine(kind: EngineKind): Promise<Subject> {
  let current = await begin(kind);
  const server = createServer((req, res) => current.serve(req, res));
  let detach = current.attach(server);
  return {
    port: await listen(server),
    async populate(population) {
      detach();
      await current.end();
      current = await begin(kind);
      detach = current.attach(server);
      return populate(current.pp, population);
    },
    broadcast: () => void current.bridge?.turn(),
  };
}

async function begin(kind: EngineKind) {
  const bridge = kind.bridgeMs === undefined ? undefined : new TimedBridge(kind.bridgeMs);
  const pp = new PocketPing({ storage: storageOf(kind), logger, ...(bridge && { bridge }) });
  // A route of Next runs while it answers, and nobody starts an engine for it.
  if (kind.framework !== 'next') await pp.start();
  const { serve, attach, close } = await mounted(kind, pp);
  const end = async () => {
    await close();
    await pp.stop();
  };
  return { pp, bridge, serve, attach, end };
}

const storageOf = ({ storage }: EngineKind): StoragePort =>
  storage === 'memory' ? new MemoryStorage() : new SqliteStorage({ file: databaseFile() });

async function mounted({ framework }: EngineKind, pp: PocketPing) {
  if (framework === 'fastify') return mountedInFastify(pp);
  if (framework === 'next') return mountedInNext(pp);
  if (framework === 'node') {
    const handler = createHandler(pp, OPTIONS);
    const serve: RequestListener = (req, res) => handler.handle(req, res);
    return { serve, attach: handler.attach, close: handler.close };
  }
  const chat = pocketping(pp, OPTIONS);
  const app = express();
  app.use('/pocketping', chat);
  const serve: RequestListener = app;
  return { serve, attach: chat.attach, close: chat.close };
}

/** Fastify routes what the process's one server takes; a server of Fastify's own would end with each engine. */
async function mountedInFastify(pp: PocketPing) {
  const chat = fastifyPlugin(pp, OPTIONS);
  const app = Fastify();
  app.register(chat, { prefix: '/pocketping' });
  await app.ready();
  const serve: RequestListener = (req, res) => app.routing(req, res);
  return { serve, attach: () => () => {}, close: () => app.close() };
}

/** Next's server stays; its route gets a new handler. Who sends a request, Next says in a header of its own. */
async function mountedInNext(pp: PocketPing) {
  const { servedByNext } = await import('./next-app.js');
  const handler = nextHandler(pp, { ...OPTIONS, trustProxy: ['loopback'] });
  return { serve: await servedByNext(handler), attach: () => () => {}, close: handler.close };
}
