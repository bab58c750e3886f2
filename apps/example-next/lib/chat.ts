import { shared } from '@pocketping/adapter-next';
import { TelegramBridge } from '@pocketping/bridge-telegram';
import { PocketPing } from '@pocketping/core';
import { SqliteStorage } from '@pocketping/storage-sqlite';

/** One engine, wherever it is asked for and however often this file is edited. */
export const chat = () =>
  shared(
    'chat',
    () =>
      new PocketPing({
        storage: new SqliteStorage({ file: process.env.POCKETPING_DB ?? 'conversations.db' }),
        bridge: new TelegramBridge({
          botToken: process.env.TELEGRAM_BOT_TOKEN,
          forumChatId: process.env.TELEGRAM_FORUM_CHAT_ID,
          apiRoot: process.env.TELEGRAM_API_ROOT,
          webhook: { url: `${process.env.SITE_URL}/api/pocketping/webhooks/telegram` },
        }),
        welcomeMessage: 'Hi! How can we help?',
        onMessage: (session, message) => console.log(`${session.id}: ${message.sender} wrote`),
      }),
  );
