import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DiscordBridge } from '@pocketping/bridge-discord';
import { SlackBridge } from '@pocketping/bridge-slack';
import { TelegramBridge } from '@pocketping/bridge-telegram';
import type { Bridge } from '@pocketping/core';
import { DiscordEmulator, SlackEmulator, TelegramEmulator } from '@pocketping/emulators';
import type { Settings } from './settings.js';
import { SettingsError } from './settings-error.js';

/** A phone of the team, with the bridge to its platform. */
export interface Phone {
  readonly platform: 'telegram' | 'discord' | 'slack';
  readonly bridge: Bridge;
  /** Whether each conversation has a place of its own, which can be closed. */
  readonly threads: boolean;
  /** The drawn phone: its page, and who holds it. Without it it is the person's own phone. */
  readonly drawn?: { readonly url: string; readonly holder: string; close(): Promise<void> };
}

/**
 * The phones of the platforms that the settings name; if they name none, one of each, drawn.
 * @throws SettingsError when there is no place for the files of those that are drawn
 */
export const startPhones = async (settings: Settings): Promise<readonly Phone[]> => {
  const own = ownPhones(settings);
  if (own.length > 0) return own;
  const folder = dirname(settings.database);
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw new SettingsError(
      `The folder of POCKETPING_DB (${folder}) cannot be written to. Name a file in another one.`,
      { cause },
    );
  });
  const phones: Phone[] = [];
  try {
    for (const draw of [drawTelegram, drawDiscord, drawSlack]) phones.push(await draw(settings));
    return phones;
  } catch (error) {
    await closePhones(phones);
    throw error;
  }
};

/** What the drawn phones show is in their files afterwards. */
export const closePhones = async (phones: readonly Phone[]): Promise<void> => {
  await Promise.all(phones.map(({ drawn }) => drawn?.close()));
};

const ownPhones = ({ telegram, discord, slack }: Settings): Phone[] => {
  const phones: Phone[] = [];
  if (telegram) {
    const bridge = new TelegramBridge(telegram);
    phones.push({ platform: 'telegram', bridge, threads: !bridge.threadless });
  }
  if (discord) phones.push({ platform: 'discord', bridge: new DiscordBridge(discord), threads: true });
  if (slack) phones.push({ platform: 'slack', bridge: new SlackBridge(slack), threads: true });
  return phones;
};

const TEAM = 'Lumen & Oak';

const drawTelegram = async ({ port, database, withoutTopics }: Settings): Promise<Phone> => {
  const phoneOperator = { name: 'Ada' };
  const emulator = await near(port, 1, (at) =>
    TelegramEmulator.start({ ...at, file: `${database}.phone.json`, title: TEAM, phoneOperator }),
  );
  const chatId = withoutTopics && emulator.addChat({ type: 'private', person: phoneOperator });
  const { botToken, apiRoot, forumChatId } = emulator;
  const bridge = new TelegramBridge({
    botToken,
    apiRoot,
    ...(chatId ? { chatIds: chatId } : { forumChatId }),
  });
  return {
    platform: 'telegram',
    bridge,
    threads: !withoutTopics,
    drawn: {
      url: `${emulator.phoneUrl}?${chatId ? `chat=${chatId}` : 'open=latest'}`,
      holder: phoneOperator.name,
      close: () => emulator.close(),
    },
  };
};

const drawDiscord = async ({ port, database }: Settings): Promise<Phone> => {
  const holder = 'Bea';
  const emulator = await near(port, 2, (at) =>
    DiscordEmulator.start({ ...at, file: `${database}.discord.json`, title: TEAM, phoneOperator: holder }),
  );
  const { botToken, channelId, apiRoot } = emulator;
  return {
    platform: 'discord',
    bridge: new DiscordBridge({ botToken, channelId, apiRoot }),
    threads: true,
    drawn: { url: `${emulator.phoneUrl}?open=latest`, holder, close: () => emulator.close() },
  };
};

const drawSlack = async ({ port, database }: Settings): Promise<Phone> => {
  const phoneOperator = { name: 'Cleo' };
  const emulator = await near(port, 3, (at) =>
    SlackEmulator.start({ ...at, file: `${database}.slack.json`, teamName: TEAM, phoneOperator }),
  );
  const { botToken, channelId, appToken, apiUrl } = emulator;
  return {
    platform: 'slack',
    bridge: new SlackBridge({ botToken, channelId, appToken, apiUrl }),
    threads: true,
    drawn: {
      url: `${emulator.phoneUrl}?open=latest`,
      holder: phoneOperator.name,
      close: () => emulator.close(),
    },
  };
};

/** Starts something at the port that far after the page's, or where that cannot be had, at any free one. */
const near = <Started>(
  port: number,
  after: number,
  start: (at: { readonly port?: number }) => Promise<Started>,
): Promise<Started> => {
  if (port === 0 || port + after > 65_535) return start({});
  return start({ port: port + after }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') return start({});
    throw error;
  });
};
