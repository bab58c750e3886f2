import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { createHandler, DiskFileStore } from '@pocketping/adapter-node';
import { type Bridge, type FileStore, type Logger, PocketPing, PocketPingError } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import { engineFor } from './engine.js';
import { createPages } from './pages.js';
import type { FileSettings, ServerSettings } from './settings/server.js';
import type { Platform } from './variables/index.js';
import { widgetScripts } from './widget.js';

export interface Parts {
  readonly settings: ServerSettings;
  readonly bridges: readonly (readonly [Platform, Bridge])[];
  /** The platforms that are configured, but cannot be served. */
  readonly leftOut: readonly Platform[];
  readonly logger: Logger;
}

export interface RunningServer {
  /** Where it listens. */
  readonly url: string;
  /** Resolves when every bridge has found out whether it works, and the log has it. */
  readonly settled: Promise<void>;
  /** Lets running requests finish and what is being posted be recorded. */
  close(): Promise<void>;
}

/** Less than the ten seconds after which Docker kills what it has asked to stop. */
const FINISH_WITHIN_MS = 5000;

/** @throws what keeps the server itself from running: the database, the store of files, the port */
export const startServer = async ({ settings, bridges, leftOut, logger }: Parts): Promise<RunningServer> => {
  const scripts = await widgetScripts();
  const files = await storeOf(settings.files);
  await mkdir(dirname(settings.database), { recursive: true }).catch((cause: unknown) => {
    throw new PocketPingError(
      'unavailable',
      `The folder of POCKETPING_DB (${dirname(settings.database)}) cannot be made. Name a file in a folder that this server's user may write to.`,
      { cause },
    );
  });
  const { maxBytes, bytesADay, filesADay } = settings.uploads;
  const pp = new PocketPing({
    storage: new SqliteStorage({ file: settings.database }),
    ...(files && { files }),
    uploads: {
      maxBytes,
      perVisitor: { files: filesADay, ...(bytesADay !== undefined && { bytes: bytesADay }) },
    },
    ...(settings.publicUrl !== undefined && { publicUrl: settings.publicUrl }),
    ...(settings.welcomeMessage !== undefined && { welcomeMessage: settings.welcomeMessage }),
    bridges: bridges.map(([, bridge]) => bridge),
    logger,
  });
  const calledAs = new Map(bridges.map(([platform, { name }]) => [platform as string, name]));
  const chat = createHandler(engineFor(pp, { leftOut, calledAs }), {
    path: '/',
    origins: settings.allowedOrigins,
    bridgeApi:
      settings.apiKey === undefined ? { behindProxy: isBehindProxy(settings) } : { apiKey: settings.apiKey },
    trustProxy: settings.trustProxy,
    closeWithinMs: FINISH_WITHIN_MS,
  });
  const pages = createPages(scripts, settings.publicUrl);
  const server = createServer((req, res) => {
    if (!pages(req, res)) chat.handle(req, res);
  });
  chat.attach(server);

  const close = async () => {
    server.close();
    await chat.close();
    server.closeAllConnections();
    await pp.stop();
  };
  try {
    // A bridge that does not work keeps nobody from writing: bridges start in the background, and are tried again.
    await pp.conversation.presence();
    await listen(server, settings);
  } catch (error) {
    // What could not start is not closed cleanly either; the first error is the one to tell.
    await close().catch(() => {});
    throw error;
  }
  return { url: urlOf(server, settings), settled: settle(pp, leftOut), close };
};

/** Where the outside world has another address for this server than its own, or somebody says so. */
export const isBehindProxy = ({ publicUrl, trustProxy }: ServerSettings): boolean =>
  trustProxy.length > 0 ||
  (publicUrl !== undefined &&
    !/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(publicUrl).hostname));

/** The store's library is loaded where there is a bucket only: it is large. */
const storeOf = async (settings: FileSettings): Promise<FileStore | undefined> => {
  if (settings.kind === 'none') return undefined;
  if (settings.kind === 'folder') return new DiskFileStore({ folder: settings.folder });
  const { S3FileStore } = await import('@pocketping/files-s3');
  return new S3FileStore(settings.bucket);
};

const listen = (server: Server, { port, host }: ServerSettings): Promise<void> =>
  new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      listening();
    });
  });

const urlOf = (server: Server, { host }: ServerSettings): string => {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
};

/** Each bridge's own troubles are in the log already; this is the sum of it. */
const settle = async (pp: PocketPing, leftOut: readonly Platform[]): Promise<void> => {
  await pp.start().catch(() => {});
  const { bridges } = await pp.health();
  const works = bridges.filter(({ state }) => state === 'up' || state === 'standby');
  const waits = bridges.filter((bridge) => !works.includes(bridge));
  const sum = [
    ...works.map(({ name, state }) => `${name} ${state}`),
    ...waits.map(({ name, state, reason }) => `${name} ${state} (${reason ?? 'not started yet'})`),
    ...leftOut.map((name) => `${name} left out (misconfigured)`),
  ];
  const level = waits.length + leftOut.length > 0 ? 'warn' : 'info';
  if (sum.length > 0) pp.logger[level]({}, `the team answers from: ${sum.join(', ')}`);
};
