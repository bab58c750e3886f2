import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsFrom } from '../src/settings/settings.js';
import { fileOf, parts } from '../src/variables/index.js';
import { temporary } from './process.js';

const read = (env: Record<string, string>) => settingsFrom(env, '/typed/here');
const problems = (env: Record<string, string>) => read(env).problems.map(({ text }) => text);

const telegram = { TELEGRAM_BOT_TOKEN: '1:a', TELEGRAM_FORUM_CHAT_ID: '-100' };

describe('the environment', () => {
  it('may be empty', () => {
    const { server, bridges, problems, notes } = read({});
    expect({ bridges, problems, notes }).toEqual({ bridges: {}, problems: [], notes: [] });
    expect(server).toMatchObject({
      port: 3001,
      host: '127.0.0.1',
      database: '/typed/here/data/pocketping.db',
      files: { kind: 'folder', folder: '/typed/here/data/files' },
      allowedOrigins: [],
      logLevel: 'info',
    });
  });

  it('has no variable that is empty, or blank', () => {
    const empty = Object.values(parts).flatMap((table) =>
      Object.values(table).map(({ name }) => [name, ' ']),
    );
    expect(read(Object.fromEntries(empty))).toEqual(read({}));
  });

  it('says all that is wrong at once, and what it concerns', () => {
    const { server, bridges, problems } = read({
      ...telegram,
      PORT: 'http',
      UPLOAD_MAX_MB: '0',
      DISCORD_BOT_TOKEN: 'a.b.c',
      SLACK_CHANNEL_ID: 'C012',
      SLACK_SHOW_URL: 'no',
    });
    expect(server).toBeUndefined();
    expect(Object.keys(bridges)).toEqual(['telegram']);
    expect(problems.map(({ concerns, text }) => `${concerns}: ${text}`)).toEqual([
      'server: PORT is "http", but must be a whole number from 0 to 65535.',
      'server: UPLOAD_MAX_MB is "0", but must be a whole number from 1 to 1000000.',
      expect.stringMatching(/^discord: DISCORD_BOT_TOKEN is set, but DISCORD_CHANNEL_ID is not/),
      'slack: SLACK_SHOW_URL is "no", but must be "on" or "off".',
      expect.stringMatching(
        /^slack: SLACK_CHANNEL_ID and SLACK_SHOW_URL are set, but SLACK_BOT_TOKEN is not/,
      ),
    ]);
  });

  it.each([
    [{ ...telegram, TELEGRAM_CHAT_ID: '5' }, /TELEGRAM_FORUM_CHAT_ID and TELEGRAM_CHAT_ID are both set/],
    [{ TELEGRAM_BOT_TOKEN: '1:a' }, /no chat is: set TELEGRAM_FORUM_CHAT_ID/],
    [{ TELEGRAM_BOT_TOKEN: '1:a', TELEGRAM_CHAT_ID: ',' }, /TELEGRAM_CHAT_ID has commas, but no id/],
    [{ TELEGRAM_FORUM_CHAT_ID: '-100' }, /TELEGRAM_BOT_TOKEN is not: set it too, or remove the first/],
    [{ ...telegram, TELEGRAM_WEBHOOK: 'on' }, /TELEGRAM_WEBHOOK is on, but PUBLIC_URL is not set/],
    [{ ...telegram, TELEGRAM_WEBHOOK_SECRET: 's' }, /TELEGRAM_WEBHOOK is not on/],
    [
      { DISCORD_WEBHOOK_URL: 'https://x', DISCORD_BOT_TOKEN: 'a' },
      /DISCORD_WEBHOOK_URL and DISCORD_BOT_TOKEN are both/,
    ],
    [{ DISCORD_THREADS: 'off' }, /DISCORD_BOT_TOKEN is not/],
    [
      { SLACK_WEBHOOK_URL: 'https://x', SLACK_APP_TOKEN: 'xapp-a' },
      /SLACK_WEBHOOK_URL and SLACK_APP_TOKEN are both/,
    ],
    [
      {
        SLACK_BOT_TOKEN: 'xoxb-a',
        SLACK_CHANNEL_ID: 'C1',
        SLACK_APP_TOKEN: 'xapp-a',
        SLACK_SIGNING_SECRET: 's',
      },
      /SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set/,
    ],
    [
      { SLACK_BOT_TOKEN: 'xoxb-a', SLACK_CHANNEL_ID: 'C1' },
      /neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is/,
    ],
    [{ SLACK_BOT_TOKEN: 'xoxb-a', SLACK_APP_TOKEN: 'xapp-a' }, /SLACK_CHANNEL_ID is not/],
    [{ S3_BUCKET: 'b', POCKETPING_FILES: 'f' }, /S3_BUCKET and POCKETPING_FILES are both set/],
    [{ S3_REGION: 'eu-central-1' }, /S3_REGION is set, but S3_BUCKET is not/],
    [{ S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'k' }, /two halves of one key/],
    [{ UPLOAD_MAX_MB: '9', UPLOAD_MB_PER_DAY: '8' }, /UPLOAD_MB_PER_DAY is less than UPLOAD_MAX_MB/],
    [{ POCKETPING_FILES: 'off', UPLOAD_MAX_MB: '9' }, /POCKETPING_FILES is off/],
    [{ ALLOWED_ORIGINS: 'https://a.example/shop' }, /a website is written like https:\/\/www\.example\.com/],
    [{ TRUST_PROXY: 'nginx' }, /a proxy is an address, a range/],
    [{ TRUST_PROXY: '10.0.0.0/64' }, /a proxy is an address, a range/],
    [{ PUBLIC_URL: 'chat.example.com' }, /must be an address that begins with https/],
    [{ LOG_LEVEL: 'loud' }, /must be one of debug, info, warn, error/],
  ])('is told what contradicts itself or makes no sense: %j', (env, said) => {
    expect(problems(env as Record<string, string>)).toEqual([expect.stringMatching(said)]);
  });

  it('keeps the other bridges when one makes no sense', () => {
    const { server, bridges } = read({ ...telegram, DISCORD_CHANNEL_ID: '123456789012345678' });
    expect(server).toBeDefined();
    expect(Object.keys(bridges)).toEqual(['telegram']);
  });
});

describe('a name that is not known', () => {
  it.each([
    ['DISCORD_BOT_TOKN', 'DISCORD_BOT_TOKEN', 'discord'],
    ['DISCORD_TOKEN', 'DISCORD_BOT_TOKEN', 'discord'],
    ['TELEGRAM_CHAT_IDS', 'TELEGRAM_CHAT_ID', 'telegram'],
    ['SLACK_SHOW_META_DATA', 'SLACK_SHOW_METADATA', 'slack'],
    ['SLACK_BOT_TOKEN_FLIE', 'SLACK_BOT_TOKEN_FILE', 'slack'],
    ['POCKETPING_BD', 'POCKETPING_DB', 'server'],
    ['ALLOWED_ORIGIN', 'ALLOWED_ORIGINS', 'server'],
    ['UPLOAD_MAXMB', 'UPLOAD_MAX_MB', 'server'],
  ])('is a slip where it is nearly one that is not set: %s', (name, meant, concerns) => {
    expect(read({ [name]: 'x' }).problems).toEqual([
      { concerns, text: `${name} is not a variable of this server: ${meant} is meant? Rename it.` },
    ]);
  });

  it.each(['SLACK_CLIENT_ID', 'POCKETPING_COLOUR', 'TELEGRAM_PHONE'])(
    'is told, with the nearest one, where it is not: %s',
    (name) => {
      const { problems, notes } = read({ [name]: 'x' });
      expect(problems).toEqual([]);
      expect(notes).toEqual([expect.stringMatching(`^${name} is not a variable .* the nearest one is `)]);
    },
  );

  it('keeps no bridge out where the one that is nearly meant is set', () => {
    const { bridges, problems, notes } = read({ ...telegram, TELEGRAM_BOT_TOKENS: 'x' });
    expect([Object.keys(bridges), problems, notes.length]).toEqual([['telegram'], [], 1]);
  });

  it('is nobody’s where it is no name of ours, or one that Kubernetes sets for a service called pocketping', () => {
    const env = {
      HOME: '/root',
      LANG: 'C',
      NODE_ENV: 'production',
      npm_config_port: '1',
      POCKETPING_PORT: 'tcp://10.0.0.1:3001',
      POCKETPING_SERVICE_HOST: '10.0.0.1',
      POCKETPING_SERVICE_PORT: '3001',
      POCKETPING_SERVICE_PORT_HTTP: '3001',
      POCKETPING_PORT_3001_TCP: 'tcp://10.0.0.1:3001',
      POCKETPING_PORT_3001_TCP_ADDR: '10.0.0.1',
    };
    expect(read(env)).toEqual(read({}));
  });
});

describe('a secret', () => {
  const secrets = Object.values(parts).flatMap((table) =>
    Object.values(table).filter(({ secret }) => secret),
  );

  it.each(secrets.map((variable) => [variable.name, variable] as const))(
    'may be in a file: %s',
    (name, variable) => {
      const file = join(temporary(), 'secret');
      writeFileSync(file, `${variable.example}\n`);
      expect(read({ [fileOf(variable)]: file })).toEqual(read({ [name]: variable.example }));
      expect(read({ [fileOf(variable)]: file }).secrets).toEqual([variable.example]);
    },
  );

  it('is in one place only, and its file is there and has something', () => {
    const folder = temporary();
    const empty = join(folder, 'empty');
    writeFileSync(empty, '\n');
    mkdirSync(join(folder, 'folder'));
    const from = (file: string) =>
      problems({ ...telegram, TELEGRAM_BOT_TOKEN: '', TELEGRAM_BOT_TOKEN_FILE: file });
    expect(problems({ ...telegram, TELEGRAM_BOT_TOKEN_FILE: empty })).toEqual([
      'TELEGRAM_BOT_TOKEN and TELEGRAM_BOT_TOKEN_FILE are both set: set one of them.',
    ]);
    expect(from(empty)).toEqual([expect.stringMatching(/is empty: put the secret there/)]);
    expect(from(join(folder, 'nowhere'))).toEqual([expect.stringMatching(/cannot be read .* \(ENOENT\)/)]);
    expect(from(join(folder, 'folder'))).toEqual([expect.stringMatching(/cannot be read .* \(EISDIR\)/)]);
  });

  it('is in no message', () => {
    const env = {
      TELEGRAM_BOT_TOKEN: '1:se cret',
      SLACK_WEBHOOK_URL: 'se cret',
      DISCORD_BOT_TOKEN: 'se cret',
    };
    expect(problems(env).join()).not.toContain('se cret');
    expect(problems(env).length).toBeGreaterThan(2);
  });
});
