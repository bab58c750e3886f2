import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { createHandler, DiskFileStore } from '@pocketping/adapter-node';
import { PocketPing } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import { createPages } from './pages.js';
import { closePhones, startPhones } from './phones.js';
import type { Settings } from './settings.js';
import { SettingsError } from './settings-error.js';

export interface Playground {
  /** The address to open. */
  readonly url: string;
  /** Whether the team's phones are drawn beside the page, or else are people's own. */
  readonly drawn: boolean;
  readonly pp: PocketPing;
  close(): Promise<void>;
}

/** A demo site with the widget on one port, and where no real platform is configured, the team's phones beside it. */
export const startPlayground = async (settings: Settings): Promise<Playground> => {
  await mkdir(dirname(settings.database), { recursive: true }).catch((cause: unknown) => {
    throw new SettingsError(
      `The folder of POCKETPING_DB (${dirname(settings.database)}) cannot be made. Name a file in a folder that you may write to.`,
      { cause },
    );
  });
  const phones = await startPhones(settings);
  const pp = new PocketPing({
    storage: new SqliteStorage({ file: settings.database }),
    files: new DiskFileStore({ folder: `${settings.database}.files` }),
    bridges: phones.map(({ bridge }) => bridge),
    welcomeMessage: 'Hello! Ask us anything about our lamps. A person will answer.',
  });
  pp.onEvent('looked_for_parts', (_, session) =>
    pp.emitEvent(session.id, 'notification', {
      title: 'Looking for a part?',
      message: 'All 23 are in stock. Tell us which one, and we send the drawing along.',
    }),
  );
  const chat = createHandler(pp, { path: '/pocketping' });
  const pages = createPages(phones);
  const server = createServer((req, res) =>
    chat.handle(req, res, () => {
      pages(req, res).catch((error: unknown) => {
        pp.logger.error({ err: error, path: req.url }, 'a page could not be shown');
        res.destroy();
      });
    }),
  );
  chat.attach(server);

  const close = async () => {
    await chat.close();
    await new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeIdleConnections();
    });
    await pp.stop();
    await closePhones(phones);
  };
  try {
    await pp.start();
    await listen(server, settings.port);
  } catch (error) {
    // What could not start is not closed cleanly either; the first error is the one to tell.
    await close().catch(() => {});
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  return { url: `http://localhost:${port}`, drawn: phones.some(({ drawn }) => drawn), pp, close };
};

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed);
      listening();
    });
  });
