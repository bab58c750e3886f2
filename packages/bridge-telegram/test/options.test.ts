import { BridgeError } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { TelegramBridge, type TelegramBridgeOptions } from '../src/index.js';
import { settingsFrom } from '../src/settings.js';

const valid = { botToken: '123456:AAE-x_y', forumChatId: '-1001234567890' };
const legacy = { botToken: valid.botToken };

describe('options', () => {
  it('have defaults', () => {
    expect(settingsFrom(valid)).toEqual({
      botToken: valid.botToken,
      botId: 123456,
      chats: [{ kind: 'forum', id: '-1001234567890', name: 'telegram' }],
      showUrl: true,
      showMetadata: true,
      webhook: undefined,
      pacing: undefined,
      apiRoot: undefined,
      pollTimeoutSeconds: 25,
      client: undefined,
    });
    expect(new TelegramBridge(valid).name).toBe('telegram');
  });

  it('take the chat id as a number, and an address with a slash', () => {
    expect(settingsFrom({ ...valid, forumChatId: -1001234567890 }).chats[0].id).toBe('-1001234567890');
    expect(settingsFrom({ ...valid, apiRoot: 'http://127.0.0.1:8081/' }).apiRoot).toBe(
      'http://127.0.0.1:8081',
    );
  });

  it.each<[TelegramBridgeOptions['chatIds'], string[]]>([
    ['123', ['123']],
    [123, ['123']],
    [' -4012345 ', ['-4012345']],
    [
      ['123', -1001234567890, '123'],
      ['123', '-1001234567890'],
    ],
  ])('take chat ids as %j', (chatIds, ids) => {
    expect(settingsFrom({ ...legacy, chatIds }).chats.map(({ id }) => id)).toEqual(ids);
  });

  it('take an unset variable for none', () => {
    expect(settingsFrom({ ...valid, chatIds: '' }).chats).toMatchObject([{ kind: 'forum' }]);
    expect(settingsFrom({ ...legacy, forumChatId: '', chatIds: '5' }).chats).toMatchObject([
      { kind: 'shared' },
    ]);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no token', { botToken: undefined }, /botToken is missing.*@BotFather/],
    ['an empty token', { botToken: ' ' }, /botToken is missing/],
    ['something else for a token', { botToken: 'hunter2' }, /does not look like a bot token/],
    ['no chat', { forumChatId: undefined }, /forumChatId is missing.*t\.me\/c\/.*chatIds/],
    ['an empty list of chats', { forumChatId: undefined, chatIds: [] }, /forumChatId is missing/],
    ['the id of a small group', { forumChatId: '-4012345' }, /"-4012345".*begins with -100/],
    ['the id of a person', { forumChatId: 4012345 }, /begins with -100/],
    ['a name for a chat id', { forumChatId: '@acme' }, /begins with -100/],
    ['a chat id that lost digits', { forumChatId: -1e20 }, /pass it as a string/],
    ['two ways of answering', { chatIds: '5' }, /forumChatId and chatIds are both set/],
    ['a name among chat ids', { forumChatId: '', chatIds: ['5', '@acme'] }, /chatIds has "@acme"/],
    ['chat ids in one string', { forumChatId: '', chatIds: '5,6' }, /chatIds has "5,6".*are a list/],
    ['a chat without an id', { forumChatId: '', chatIds: [undefined] }, /chatIds has "undefined"/],
    ['zero for a chat', { forumChatId: '', chatIds: 0 }, /chatIds has "0"/],
    ['digits lost in chat ids', { forumChatId: '', chatIds: [1e20] }, /chatIds has lost digits/],
    ['a name that storage cannot keep', { name: 'My Bridge' }, /lower-case/],
    ['a name that begins with a dash', { name: '-a' }, /lower-case/],
    ['a name that is too long', { name: 'a'.repeat(33) }, /up to 32/],
    [
      'a name that is too long with a chat id',
      { forumChatId: '', chatIds: '-1001234567890', name: 'a'.repeat(20) },
      /"a{20}-g1001234567890": at most 32/,
    ],
    ['an api root that is no address', { apiRoot: 'api.telegram.org' }, /apiRoot/],
    ['a poll that nobody holds', { pollTimeoutSeconds: 0 }, /pollTimeoutSeconds/],
    ['a webhook without an address', { webhook: {} }, /webhook\.url is missing/],
    ['a webhook that is no address', { webhook: { url: 'example.com/hook' } }, /webhook\.url/],
    ['a webhook without encryption', { webhook: { url: 'http://example.com/x' } }, /https:\/\//],
    ['a webhook of another kind', { webhook: { url: 'ftp://127.0.0.1/x' } }, /https:\/\//],
    [
      'a port that Telegram does not call',
      { webhook: { url: 'https://a.example:3000/x' } },
      /port 3000.*8443/,
    ],
    [
      'a secret of other characters',
      { webhook: { url: 'https://a.example/x', secret: 'a b' } },
      /webhook\.secret/,
    ],
    ['an empty secret', { webhook: { url: 'https://a.example/x', secret: '' } }, /webhook\.secret/],
    ['a pace of nothing', { pacing: { chat: { calls: 0, perMs: 1 } } }, /pacing\.chat\.calls/],
    ['a pace without time', { pacing: { bot: { calls: 1, perMs: Number.NaN } } }, /pacing\.bot\.perMs/],
    [
      'a pace of something else',
      { pacing: { topic: { calls: 1, perMs: 1 } } },
      /pacing\.topic does not exist/,
    ],
  ])('refuse %s and say what to do', (_, wrong, message) => {
    const make = () => new TelegramBridge({ ...valid, ...wrong } as TelegramBridgeOptions);
    expect(make).toThrow(message);
    expect(make).toThrow(BridgeError);
    expect(make).not.toThrow('hunter2');
  });
});

describe('the names of chats without topics', () => {
  const names = (chatIds: TelegramBridgeOptions['chatIds'], name?: string) => {
    const bridge = new TelegramBridge({ ...legacy, chatIds, name });
    return [bridge.name, ...bridge.siblings.map((sibling) => sibling.name)];
  };

  it('say which chat it is, whatever else is there and in whatever order', () => {
    expect(names('123')).toEqual(['telegram-123']);
    expect(names(['-1001234567890', '123'])).toEqual(['telegram-g1001234567890', 'telegram-123']);
    expect(names(['123', '-1001234567890'], 'shop')).toEqual(['shop-123', 'shop-g1001234567890']);
  });

  it('are never the same for two chats', () => {
    expect(new Set([...names(['123', '-123']), ...names(['123', '-123'], 'telegram-1')]).size).toBe(4);
  });

  it('belong to bridges that share a connection, and have no siblings of their own', () => {
    const bridge = new TelegramBridge({ ...legacy, chatIds: ['1', '2', '3'] });
    expect(bridge.siblings).toHaveLength(2);
    for (const sibling of bridge.siblings) {
      expect(sibling).toMatchObject({ connection: bridge.connection, siblings: [], threadless: true });
      expect(sibling).toBeInstanceOf(TelegramBridge);
    }
  });
});

describe('pacing', () => {
  const paced = (options: object) => new TelegramBridge({ ...legacy, ...options }).pacing;

  it('is what Telegram documents of groups and of single people, the bot’s share divided among its chats', () => {
    expect(paced({ forumChatId: '-1001' })).toEqual({
      chat: { calls: 20, perMs: 60_000 },
      bot: { calls: 30, perMs: 1000 },
    });
    expect(paced({ chatIds: ['-5', '7'] })).toEqual({
      chat: { calls: 20, perMs: 60_000 },
      bot: { calls: 15, perMs: 1000 },
    });
    expect(paced({ chatIds: '7' })).toEqual({
      chat: { calls: 3, perMs: 3000 },
      bot: { calls: 30, perMs: 1000 },
    });
  });

  it('can be what Telegram grants to this bot', () => {
    const pacing = { bot: { calls: 1000, perMs: 1000 } };
    expect(paced({ chatIds: '7', pacing })).toEqual(pacing);
    expect(paced({ forumChatId: '-1001', pacing })).toEqual(pacing);
  });
});

describe('a webhook', () => {
  const secretOf = (botToken: string, secret?: string) =>
    settingsFrom({ ...valid, botToken, webhook: { url: 'https://a.example/x', secret } }).webhook?.secret;

  it('has a secret that every node makes of the token, and that does not tell it', () => {
    expect(secretOf('1:abc')).toBe(secretOf('1:abc'));
    expect(secretOf('1:abc')).not.toBe(secretOf('1:abd'));
    expect(secretOf('1:abc')).toMatch(/^[0-9a-f]{64}$/);
    expect(secretOf('1:abc', 'my-own_1')).toBe('my-own_1');
  });

  it.each([
    [{}, 'https://a.example/x'],
    [{}, 'https://a.example:8443/x'],
    [{}, 'http://127.0.0.1:3000/x'],
    [{}, 'http://localhost:3000/x'],
    [{ apiRoot: 'http://bot-api:8081' }, 'http://chat:3000/x'],
  ])('with %j may be at %s', (options, url) => {
    expect(settingsFrom({ ...valid, ...options, webhook: { url } }).webhook?.url).toBe(url);
  });
});
