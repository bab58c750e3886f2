import { PocketPingError } from '@pocketping/core';
import { makeBridges } from './bridges.js';
import { createLogger } from './log.js';
import { isBehindProxy, startServer } from './server.js';
import { settingsFrom } from './settings/settings.js';
import type { Platform } from './variables/index.js';

// npm runs this in the app's folder; a relative path is meant where the person typed.
const settings = settingsFrom(process.env, process.env.INIT_CWD ?? process.cwd());
const made = await makeBridges(settings.bridges);
const logger = createLogger(settings.server?.logLevel ?? 'info', settings.secrets);
const problems = [...settings.problems, ...made.problems];

for (const { concerns, text } of problems) logger.error({ concerns }, text);
for (const note of settings.notes) logger.warn({}, note);
if (!settings.server) {
  logger.error({}, 'The server does not start until this is mended.');
  process.exit(1);
}
const leftOut = [...new Set(problems.map(({ concerns }) => concerns as Platform))];
for (const platform of leftOut)
  logger.error({ bridge: platform }, `${platform} is left out until that is mended; everything else works.`);
if (leftOut.length + made.bridges.length === 0)
  logger.warn(
    {},
    'No messaging app is configured: what visitors write is kept, and nobody is told. Set TELEGRAM_…, DISCORD_… or SLACK_… variables.',
  );
if (settings.server.allowedOrigins.length === 0)
  logger.warn({}, 'ALLOWED_ORIGINS is not set: no website but this server’s own address may use the chat.');
if (settings.server.apiKey === undefined)
  logger.info(
    {},
    isBehindProxy(settings.server)
      ? 'API_KEY is not set, and this server is behind a proxy: the bridge API under /api answers nobody. Set it for your backends.'
      : 'API_KEY is not set: the bridge API under /api answers programs on this machine only. Set it for backends elsewhere.',
  );

try {
  const server = await startServer({ settings: settings.server, bridges: made.bridges, leftOut, logger });
  logger.info({ url: server.url, ms: Math.round(performance.now()) }, 'listening');
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      logger.info({ signal }, 'stopping');
      server.close().then(
        () => process.exit(0),
        (err: unknown) => {
          logger.error({ err }, 'it did not stop cleanly');
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  const { code } = error as NodeJS.ErrnoException;
  const { port, host } = settings.server;
  if (code === 'EADDRINUSE')
    logger.error({}, `PORT ${port} is taken on ${host}: stop what uses it, or choose another one.`);
  else if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    logger.error(
      {},
      `HOST is "${host}", but this machine has no such address: 127.0.0.1 or 0.0.0.0 it always has.`,
    );
  else if (code === 'EACCES')
    logger.error({}, `PORT ${port} may not be used by this user: choose one from 1024 on.`);
  else if (PocketPingError.isInstance(error))
    logger.error(error.cause instanceof Error ? { cause: error.cause.message } : {}, error.message);
  else logger.error({ err: error }, 'the server could not start');
  process.exit(1);
}
