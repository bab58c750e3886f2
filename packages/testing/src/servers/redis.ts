import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.js';
import { isListening, PATIENCE_MS, startServer } from './process.js';
import { type Absent, type Server, unlessRefused } from './server.js';

const STANDARD_PORT = 6379;
/** A Redis has these, unless it was configured otherwise. */
const LAST_DATABASE = 15;

/**
 * An empty database of a Redis server: the one at `REDIS_URL`, else the one on the standard port, else one that is started from
 * `redis-server`. Needs the package `ioredis`.
 * @throws Error when `REDIS_URL` names a server that does not answer
 */
export const redisDatabase = async (): Promise<Server | Absent> => {
  const configured = process.env.REDIS_URL;
  if (configured) return emptyDatabase(configured);
  const standard = `redis://127.0.0.1:${STANDARD_PORT}`;
  const found = (await isListening(STANDARD_PORT)) && (await unlessRefused(standard, emptyDatabase));
  if (found) return found;
  if (!hasProgram()) {
    return { absent: 'there is no Redis: set REDIS_URL, or install redis-server' };
  }
  const folder = mkdtempSync(join(tmpdir(), 'pocketping-redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const stop = await startServer('redis-server', args, { ready: /Ready to accept connections/ });
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const hasProgram = (): boolean => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** One that nobody uses, of a server that is not ours. */
const emptyDatabase = async (server: string): Promise<Server> => {
  const { Redis } = await import('ioredis');
  for (let number = LAST_DATABASE; number >= 0; number--) {
    const url = new URL(server);
    url.pathname = `/${number}`;
    const redis = new Redis(url.href, { commandTimeout: PATIENCE_MS, retryStrategy: () => null });
    redis.on('error', () => {
      // The command that follows says it.
    });
    try {
      if ((await redis.dbsize()) > 0) continue;
    } finally {
      redis.disconnect();
    }
    return { url: url.href, stop: () => emptied(url.href) };
  }
  throw new Error(`The Redis at ${server} has no empty database for tests`);
};

const emptied = async (url: string): Promise<void> => {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url);
  await redis.flushdb();
  await redis.quit();
};
