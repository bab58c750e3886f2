import { readdirSync } from 'node:fs';
import { recordingLogger } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PocketPing, type PocketPingConfig } from '../src/index.js';
import { PARTS } from '../src/parts.js';

const warningsOf = (config: object) => {
  const logger = recordingLogger();
  const pp = new PocketPing({ logger, ...config } as PocketPingConfig);
  onTestFinished(() => pp.stop());
  pp.middleware();
  void pp.fastifyPlugin;
  pp.nextHandler();
  return logger.lines.map(({ message }) => message).filter((message) => !message.includes('in memory'));
};

describe('a part whose package is not there', () => {
  it.each<[object, string]>([
    [
      { bridge: 'telegram' },
      'bridge is a text that names telegram. Install its package with "npm install @pocketping/bridge-telegram", and pass bridge: new TelegramBridge({ botToken, forumChatId }).',
    ],
    [
      { bridges: ['discord'] },
      'bridges[0] is a text that names discord. Install its package with "npm install @pocketping/bridge-discord", and pass bridge: new DiscordBridge({ botToken, channelId }).',
    ],
    [
      { slack: { botToken: 'xoxb-1' } },
      'slack is no option. Install its package with "npm install @pocketping/bridge-slack", and pass bridge: new SlackBridge({ botToken, channelId, appToken }).',
    ],
    [
      { storage: 'sqlite:chat.db' },
      'storage is a text that names sqlite. Install its package with "npm install @pocketping/storage-sqlite", and pass storage: new SqliteStorage({ file }).',
    ],
    [
      { files: 's3://bucket' },
      'files is a text that names s3. Install its package with "npm install @pocketping/files-s3", and pass files: new S3FileStore({ bucket }).',
    ],
  ])('is named with the command that installs it: %o', (config, message) => {
    expect(() => new PocketPing(config as PocketPingConfig)).toThrow(message);
  });

  it('is not asked for where it is undefined, as a condition makes it', () => {
    expect(warningsOf({ slack: undefined, telegram: null })).toEqual([]);
  });

  it('is known of every bridge, storage and store of files that there is', () => {
    const packages = readdirSync(new URL('../..', import.meta.url))
      .filter((folder) => /^(?:bridge|storage|files)-/.test(folder) && folder !== 'bridge-remote')
      .map((folder) => `@pocketping/${folder}`);
    expect(PARTS.map((part) => part.package).toSorted()).toEqual(packages.toSorted());
  });

  it.each(PARTS.map((part) => [part.package, part]))(
    'is made as its package makes it: %s',
    async (name, { made }) => {
      const index = new URL(`../../${name.split('/')[1]}/src/index.ts`, import.meta.url);
      const [, className] = /^new (\w+)\(/.exec(made) ?? [];
      expect((await import(index.href))[className ?? '']).toBeTypeOf('function');
    },
  );
});

describe('what the constructor is given', () => {
  it('is told to be no option, once, whatever it is served with', () => {
    expect(
      warningsOf({ trustedProxy: ['loopback'], onMesage: () => {}, bridgeURL: 'https://chat.example.com' }),
    ).toEqual([
      'trustedProxy is no option and changes nothing: trustProxy is meant? Rename it, or remove it.',
      'onMesage is no option and changes nothing: onMessage is meant? Rename it, or remove it.',
      'bridgeURL is no option and changes nothing: bridgeUrl is meant? Rename it, or remove it.',
    ]);
  });

  it('serves with what the constructor says of serving', () => {
    expect(
      warningsOf({ trustProxy: ['loopback'], origins: '*', closeWithinMs: 5, rateLimits: false }),
    ).toEqual([]);
    expect(() => new PocketPing({ origins: ['nowhere'] }).middleware()).toThrow(
      'origins: "nowhere" is no origin',
    );
  });
});
