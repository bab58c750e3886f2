import { Api, Bot, GrammyError } from 'grammy';
import { afterEach } from 'vitest';
import { TelegramEmulator, type TelegramEmulatorOptions } from '../src/index.js';

const running: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
});

/** An emulator that ends with the test, and grammy's client for it. */
export async function startTelegram(options: TelegramEmulatorOptions = {}) {
  const telegram = await TelegramEmulator.start(options);
  running.push(telegram);
  const api = new Api(telegram.botToken, { apiRoot: telegram.apiRoot });
  return { telegram, api, chat: telegram.forumChatId };
}

/** grammy's bot, long polling until the test ends. */
export function startBot(telegram: TelegramEmulator): Bot {
  const bot = new Bot(telegram.botToken, { client: { apiRoot: telegram.apiRoot } });
  running.push({ close: () => bot.stop() });
  return bot;
}

/** The platform's words when a call is refused. */
export async function refusalOf(call: Promise<unknown>): Promise<GrammyError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof GrammyError) return error;
    throw error;
  }
  throw new Error('the call was not refused');
}
