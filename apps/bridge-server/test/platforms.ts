import { DiscordEmulator, SlackEmulator, TelegramEmulator } from '@pocketping/emulators';
import { onTestFinished } from 'vitest';
import type { Env } from './process.js';

const WITHIN = { timeoutMs: 15_000 };

/** A platform that this test has for itself, and the variables that name it. */
export const telegram = async () => {
  const emulator = await TelegramEmulator.start();
  onTestFinished(() => emulator.close());
  const at: Env = { TELEGRAM_BOT_TOKEN: emulator.botToken, TELEGRAM_API_ROOT: emulator.apiRoot };
  return {
    emulator,
    at,
    env: { ...at, TELEGRAM_FORUM_CHAT_ID: emulator.forumChatId } as Env,
    shows: (text: string) => emulator.waitForMessage((message) => message.text.includes(text), WITHIN),
    /** Everything that stands in the group. */
    all: () =>
      emulator
        .topics()
        .flatMap(({ id, title }) => [title, ...emulator.messages(id).map(({ text }) => text)])
        .join('\n'),
  };
};

export const discord = async () => {
  const emulator = await DiscordEmulator.start();
  onTestFinished(() => emulator.close());
  return {
    emulator,
    env: {
      DISCORD_BOT_TOKEN: emulator.botToken,
      DISCORD_CHANNEL_ID: emulator.channelId,
      DISCORD_API_ROOT: emulator.apiRoot,
    } as Env,
    shows: (text: string) => emulator.waitForMessage((message) => message.text.includes(text), WITHIN),
    all: () =>
      [emulator.channelId, ...emulator.threads().map(({ id }) => id)]
        .flatMap((id) => emulator.messages(id))
        .map(({ text, embeds }) => `${text} ${JSON.stringify(embeds)}`)
        .join('\n'),
  };
};

export const slack = async () => {
  const emulator = await SlackEmulator.start();
  onTestFinished(() => emulator.close());
  const bot: Env = {
    SLACK_BOT_TOKEN: emulator.botToken,
    SLACK_CHANNEL_ID: emulator.channelId,
    SLACK_API_URL: emulator.apiUrl,
  };
  return {
    emulator,
    bot,
    env: { ...bot, SLACK_APP_TOKEN: emulator.appToken } as Env,
    shows: (text: string) => emulator.waitForMessage((message) => message.text.includes(text), WITHIN),
    all: () =>
      emulator
        .messages()
        .flatMap((message) => [message, ...emulator.thread(message.ts)])
        .map(({ text }) => text)
        .join('\n'),
  };
};
