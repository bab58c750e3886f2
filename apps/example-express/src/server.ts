import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DiskFileStore, pocketping } from '@pocketping/adapter-express';
import { TelegramBridge } from '@pocketping/bridge-telegram';
import { PocketPing } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import express from 'express';

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

const chat = pocketping(pp);
const app = express();
app.use('/pocketping', chat);
app.use('/widget', express.static(dirname(fileURLToPath(import.meta.resolve('@pocketping/widget')))));
app.use(express.static('public'));

await pp.start();
const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () =>
  console.log('Listening on', server.address()),
);
chat.attach(server);
