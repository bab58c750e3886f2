import { homedir } from 'node:os';
import { resolve } from 'node:path';

/** What the environment says, checked. */
export interface Settings {
  readonly port: number;
  /** The SQLite file. */
  readonly database: string;
  /** The real Telegram; without it the emulator is started. */
  readonly telegram?: {
    readonly botToken: string;
    readonly forumChatId: string;
    readonly apiRoot?: string;
  };
}

/** A variable of the environment makes no sense; the message says which and what to do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param base the folder that a relative file is relative to
 * @param home the folder for the playground's own database
 * @throws SettingsError
 */
export const settingsFrom = (env: Environment, base: string, home: string): Settings => {
  const telegram = telegramFrom(env);
  return {
    port: portFrom(env.PORT),
    database: env.POCKETPING_DB
      ? fileFrom(env.POCKETPING_DB, base)
      : resolve(home, '.pocketping/playground.db'),
    ...(telegram && { telegram }),
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

const telegramFrom = (env: Environment): Settings['telegram'] => {
  const {
    TELEGRAM_BOT_TOKEN: botToken,
    TELEGRAM_FORUM_CHAT_ID: forumChatId,
    TELEGRAM_API_ROOT: apiRoot,
  } = env;
  if (botToken && forumChatId) return { botToken, forumChatId, ...(apiRoot && { apiRoot }) };
  if (botToken) {
    throw new SettingsError(
      'TELEGRAM_BOT_TOKEN is set, but TELEGRAM_FORUM_CHAT_ID is not: set it to the id of the group in which the team answers (-100…).',
    );
  }
  if (forumChatId || apiRoot) {
    const name = forumChatId ? 'TELEGRAM_FORUM_CHAT_ID' : 'TELEGRAM_API_ROOT';
    throw new SettingsError(
      `${name} is set, but TELEGRAM_BOT_TOKEN is not: set it too, or neither to use the phone that is drawn beside the page.`,
    );
  }
  return undefined;
};
