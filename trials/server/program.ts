import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHandler, DiskFileStore } from '@pocketping/adapter-node';
import { RemoteBridge } from '@pocketping/bridge-remote';
import { TelegramBridge } from '@pocketping/bridge-telegram';
import { type Bridge, type Logger, PocketPing } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import { QuietPlatform } from '../team/quiet-platform.js';
import { measure } from './measure.js';
import type { Ask, FromServer, ServerSettings } from './messages.js';

/* A server as somebody would run it. Its one argument is its settings as JSON; it ends with the process that started it. */

/** A platform's own limits would stretch a trial to hours; what is tried here is what happens in between. */
const WITHOUT_LIMITS = {};

const settings = JSON.parse(process.argv[2] ?? '') as ServerSettings;
const tell = (message: FromServer) => process.send?.(message);
const logged =
  (level: 'warn' | 'error'): Logger['warn'] =>
  ({ err, ...fields }, message) =>
    tell({
      logged: { level, message, error: err === undefined ? '' : String((err as Error).stack ?? err), fields },
    });
const logger: Logger = { debug: () => {}, info: () => {}, warn: logged('warn'), error: logged('error') };

/** Their clients are large: a server without them does not load them. */
const discordBridge = async (discord: NonNullable<ServerSettings['discord']>): Promise<Bridge> => {
  const { DiscordBridge } = await import('@pocketping/bridge-discord');
  return new DiscordBridge({ ...discord, pacing: WITHOUT_LIMITS });
};
const slackBridge = async (slack: NonNullable<ServerSettings['slack']>): Promise<Bridge> => {
  const { SlackBridge } = await import('@pocketping/bridge-slack');
  return new SlackBridge({ ...slack, pacing: WITHOUT_LIMITS });
};

const pp = new PocketPing({
  storage: new SqliteStorage({ file: settings.file }),
  files: new DiskFileStore({ folder: `${settings.file}.files` }),
  uploads: { perVisitor: { files: 1e6, bytes: 1e12 } },
  logger,
  bridges: [
    ...(settings.telegram ? [new TelegramBridge({ ...settings.telegram, pacing: WITHOUT_LIMITS })] : []),
    ...(settings.discord ? [await discordBridge(settings.discord)] : []),
    ...(settings.slack ? [await slackBridge(settings.slack)] : []),
    ...(settings.remote ? [new RemoteBridge(settings.remote)] : []),
    ...(settings.quietPlatform ? [new QuietPlatform()] : []),
  ],
});
const chat = createHandler(pp, {
  ...(settings.apiKey !== undefined && { bridgeApi: { apiKey: settings.apiKey } }),
  rateLimits: settings.rateLimits ?? false,
  streams: { total: 10_000, perAddress: 10_000 },
  pendingSockets: { total: 10_000, perAddress: 10_000 },
});
const server = createServer(chat.handle);
chat.attach(server);

process.on('disconnect', () => process.exit());
process.on('message', async (ask: Ask) => {
  if (ask !== 'stop') return tell({ measured: await measure(server, ask === 'count') });
  server.close();
  await chat.close();
  await pp.stop();
  process.disconnect();
});

/** Milliseconds after which a server that does not listen yet says in its last words what it waits for. */
const LATE_MS = 20_000;
const late = setTimeout(async () => {
  const { bridges } = await pp.health();
  console.error(`it does not listen yet after ${LATE_MS / 1000} s: ${JSON.stringify(bridges)}`);
}, LATE_MS);

await pp.start();
clearTimeout(late);
server.listen(settings.port, '127.0.0.1', () => tell({ listening: (server.address() as AddressInfo).port }));
