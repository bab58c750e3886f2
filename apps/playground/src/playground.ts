import { access, constants, mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { createHandler } from '@pocketping/adapter-node';
import { TelegramBridge } from '@pocketping/bridge-telegram';
import { PocketPing } from '@pocketping/core';
import { TelegramEmulator } from '@pocketping/emulators';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import { createPages } from './pages.js';
import { type Settings, SettingsError } from './settings.js';

export interface Playground {
  /** The address to open. */
  readonly url: string;
  /** The emulated Telegram; absent with a real one. */
  readonly telegram: TelegramEmulator | undefined;
  readonly pp: PocketPing;
  close(): Promise<void>;
}

/** A demo site with the widget on one port, and where no real Telegram is configured, the team's phone beside it. */
export const startPlayground = async (settings: Settings): Promise<Playground> => {
  await mkdir(dirname(settings.database), { recursive: true }).catch((cause: unknown) => {
    throw new SettingsError(
      `The folder of POCKETPING_DB (${dirname(settings.database)}) cannot be made. Name a file in a folder that you may write to.`,
      { cause },
    );
  });
  const telegram = settings.telegram ? undefined : await startEmulator(settings);
  const chatId = settings.withoutTopics && telegram?.addChat({ type: 'private', person: PHONE_OPERATOR });
  const bridge = new TelegramBridge(
    settings.telegram ?? {
      botToken: telegram?.botToken,
      apiRoot: telegram?.apiRoot,
      ...(chatId ? { chatIds: chatId } : { forumChatId: telegram?.forumChatId }),
    },
  );
  const pp = new PocketPing({
    storage: new SqliteStorage({ file: settings.database }),
    bridges: [bridge],
    welcomeMessage: 'Hello! Ask us anything about our lamps. A person will answer.',
  });
  const chat = createHandler(pp, { path: '/pocketping' });
  const pages = createPages(
    telegram && `${telegram.phoneUrl}?${chatId ? `chat=${chatId}` : 'open=latest'}`,
    !bridge.threadless,
  );
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
    await telegram?.close();
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
  return { url: `http://localhost:${port}`, telegram, pp, close };
};

/** Who holds the phone that is drawn beside the page. */
const PHONE_OPERATOR = { name: 'Ada' };

/** The phone keeps its state beside the database, and its address where that can be had. */
const startEmulator = async ({ port, database }: Settings): Promise<TelegramEmulator> => {
  const options = { file: `${database}.phone.json`, title: 'Lumen & Oak', phoneOperator: PHONE_OPERATOR };
  await access(dirname(database), constants.W_OK).catch((cause: unknown) => {
    throw new SettingsError(
      `The folder of POCKETPING_DB (${dirname(database)}) cannot be written to. Name a file in another one.`,
      { cause },
    );
  });
  if (port === 0 || port === 65_535) return TelegramEmulator.start(options);
  return TelegramEmulator.start({ ...options, port: port + 1 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') return TelegramEmulator.start(options);
    throw error;
  });
};

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed);
      listening();
    });
  });
