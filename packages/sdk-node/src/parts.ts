import { PocketPingError } from '@pocketping/core';
import type { PocketPingConfig } from './config.js';

/** A package that brings a part of an engine, and how that part is made. */
interface Part {
  readonly option: 'bridge' | 'storage' | 'files';
  readonly package: string;
  readonly made: string;
}

/** None of them is among our dependencies: people install what they use. */
export const PARTS: readonly Part[] = [
  {
    option: 'bridge',
    package: '@pocketping/bridge-telegram',
    made: 'new TelegramBridge({ botToken, forumChatId })',
  },
  {
    option: 'bridge',
    package: '@pocketping/bridge-discord',
    made: 'new DiscordBridge({ botToken, channelId })',
  },
  {
    option: 'bridge',
    package: '@pocketping/bridge-slack',
    made: 'new SlackBridge({ botToken, channelId, appToken })',
  },
  { option: 'storage', package: '@pocketping/storage-sqlite', made: 'new SqliteStorage({ file })' },
  { option: 'files', package: '@pocketping/files-s3', made: 'new S3FileStore({ bucket })' },
];

/**
 * Where a part is named by a word, or by an option called like it, its package is what is missing.
 * @throws PocketPingError `validation_failed`, with the command that installs it and what to pass then
 */
export const requireParts = (config: PocketPingConfig): void => {
  const { bridge, bridges, storage, files } = config as Readonly<Record<string, unknown>>;
  const several = Array.isArray(bridges) ? bridges : [bridges];
  for (const [option, name, value] of [
    ['bridge', 'bridge', bridge],
    ...several.map((each, at) => ['bridge', `bridges[${at}]`, each] as const),
    ['storage', 'storage', storage],
    ['files', 'files', files],
  ] as const) {
    const part = typeof value === 'string' ? partOf(option, value) : undefined;
    if (part) throw missing(`${name} is a text that names ${wordOf(part)}`, part);
  }
  for (const [name, value] of Object.entries(config)) {
    if (value === undefined || value === null) continue;
    const part = PARTS.find((each) => wordOf(each) === name);
    if (part) throw missing(`${name} is no option`, part);
  }
};

/** `telegram` of `@pocketping/bridge-telegram`. */
const wordOf = (part: Part): string => part.package.slice(part.package.lastIndexOf('-') + 1);

const partOf = (option: Part['option'], text: string): Part | undefined =>
  PARTS.find((part) => part.option === option && text.toLowerCase().includes(wordOf(part)));

const missing = (what: string, part: Part): PocketPingError =>
  new PocketPingError(
    'validation_failed',
    `${what}. Install its package with "npm install ${part.package}", and pass ${part.option}: ${part.made}.`,
  );
