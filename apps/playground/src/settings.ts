import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type DiscordSettings, discordFrom } from './settings-discord.js';
import { type Environment, SettingsError } from './settings-error.js';
import { type SlackSettings, slackFrom } from './settings-slack.js';
import { type TelegramSettings, telegramFrom, withoutTopics } from './settings-telegram.js';

/** What the environment says, checked. Where no platform is named, all three are emulated. */
export interface Settings {
  readonly port: number;
  /** The SQLite file. */
  readonly database: string;
  readonly telegram?: TelegramSettings;
  readonly discord?: DiscordSettings;
  readonly slack?: SlackSettings;
  /** The emulated Telegram's team answers in a person's chat instead of a group with topics. */
  readonly withoutTopics?: true;
}

/**
 * @param base the folder that a relative file is relative to
 * @param home the folder for the playground's own database
 * @throws SettingsError
 */
export const settingsFrom = (env: Environment, base: string, home: string): Settings => {
  const telegram = telegramFrom(env);
  const discord = discordFrom(env);
  const slack = slackFrom(env);
  return {
    port: portFrom(env.PORT),
    database: env.POCKETPING_DB
      ? fileFrom(env.POCKETPING_DB, base)
      : resolve(home, '.pocketping/playground.db'),
    ...(telegram && { telegram }),
    ...(discord && { discord }),
    ...(slack && { slack }),
    ...(withoutTopics(env) && { withoutTopics: true }),
  };
};

const portFrom = (value: string | undefined): number => {
  if (!value) return 3000;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new SettingsError(`PORT is "${value}", but must be a number from 0 to 65535 (0: any free port).`);
};

const fileFrom = (value: string, base: string): string =>
  resolve(base, value.startsWith('~/') ? `${homedir()}${value.slice(1)}` : value);
