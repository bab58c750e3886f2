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
    /** The group with topics; or else the chats without. */
    readonly forumChatId?: string;
    readonly chatIds?: readonly string[];
    readonly apiRoot?: string;
  };
  /** The emulated team answers in a person's chat instead of a group with topics. */
  readonly withoutTopics?: true;
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

const telegramFrom = (env: Environment): Settings['telegram'] => {
  const { TELEGRAM_BOT_TOKEN: botToken, TELEGRAM_API_ROOT: apiRoot } = env;
  const chats = chatsFrom(env);
  if (botToken && chats) return { botToken, ...chats, ...(apiRoot && { apiRoot }) };
  if (botToken) {
    throw new SettingsError(
      'TELEGRAM_BOT_TOKEN is set, but no chat is: set TELEGRAM_FORUM_CHAT_ID to the id of the group with topics in which the team answers (-100…), or TELEGRAM_CHAT_ID to the id of a chat without.',
    );
  }
  const name = CHAT_VARIABLES.find((each) => env[each]) ?? (apiRoot ? 'TELEGRAM_API_ROOT' : undefined);
  if (name) {
    throw new SettingsError(
      `${name} is set, but TELEGRAM_BOT_TOKEN is not: set it too, or neither to use the phone that is drawn beside the page.`,
    );
  }
  return undefined;
};

const CHAT_VARIABLES = ['TELEGRAM_FORUM_CHAT_ID', 'TELEGRAM_CHAT_ID'] as const;

/** `TELEGRAM_CHAT_ID` has one id, or several with commas between them. */
const chatsFrom = (
  env: Environment,
): Pick<NonNullable<Settings['telegram']>, 'forumChatId' | 'chatIds'> | undefined => {
  const { TELEGRAM_FORUM_CHAT_ID: forumChatId, TELEGRAM_CHAT_ID: list = '' } = env;
  const chatIds = list
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (forumChatId && chatIds.length > 0) {
    throw new SettingsError(
      'TELEGRAM_FORUM_CHAT_ID and TELEGRAM_CHAT_ID are both set: set the first for a group with topics, or the second for chats without.',
    );
  }
  if (forumChatId) return { forumChatId };
  return chatIds.length > 0 ? { chatIds } : undefined;
};

const withoutTopics = ({ TELEGRAM_TOPICS: value }: Environment): boolean => {
  if (!value || value === 'on') return false;
  if (value === 'off') return true;
  throw new SettingsError(`TELEGRAM_TOPICS is "${value}", but must be "on" or "off".`);
};
