import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import serveFiles from '@fastify/static';
import { DiskFileStore, pocketping } from '@pocketping/adapter-fastify';
import { TelegramBridge } from '@pocketping/bridge-telegram';
import { PocketPing } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import Fastify from 'fastify';

const {
  TELEGRAM_BOT_TOKEN: botToken,
  TELEGRAM_FORUM_CHAT_ID: forumChatId,
  TELEGRAM_API_ROOT: apiRoot,
} = process.env;

const pp = new PocketPing({
  storage: new SqliteStorage({ file: process.env.POCKETPING_DB ?? 'conversations.db' }),
  files: new DiskFileStore({ folder: process.env.POCKETPING_FILES ?? 'files' }),
  bridge: new TelegramBridge({ botToken, forumChatId, apiRoot }),
  welcomeMessage: 'Hi! How can we help?',
  onMessage: (session, message) => console.log(`${session.id}: ${message.sender} wrote`),
});

const app = Fastify();
app.register(pocketping(pp), { prefix: '/pocketping' });
app.register(serveFiles, {
  root: dirname(fileURLToPath(import.meta.resolve('@pocketping/widget'))),
  prefix: '/widget',
});
app.register(serveFiles, { root: resolve('public'), decorateReply: false });

await pp.start();
console.log('Listening on', await app.listen({ port: Number(process.env.PORT ?? 3000) }));
