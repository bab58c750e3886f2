import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHandler } from '@pocketping/adapter-node';
import { PocketPing } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import { recordingLogger } from '@pocketping/testing';
import { QuietPlatform } from '../team/quiet-platform.js';

/** A whole server, with its team, in this process. */
export const openHouse = async () => {
  const storage = new SqliteStorage({ file: ':memory:' });
  const team = new QuietPlatform();
  const logger = recordingLogger();
  const pp = new PocketPing({ storage, bridge: team, logger });
  // Nobody types as fast as a trial does.
  const chat = createHandler(pp, { rateLimits: false });
  const server = createServer(chat.handle);
  chat.attach(server);
  await pp.start();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    pp,
    team,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/pocketping`,
    /** The newest `seq` of a session's log. */
    head: async (sessionId: string): Promise<number> =>
      (await storage.heads([sessionId])).get(sessionId) ?? 0,
    errors: () => logger.lines.filter(({ level }) => level === 'error'),
    close: async () => {
      server.close();
      await chat.close();
      await pp.stop();
    },
  };
};

export type House = Awaited<ReturnType<typeof openHouse>>;
