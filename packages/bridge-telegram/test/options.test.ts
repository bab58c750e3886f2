import { BridgeError } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { TelegramBridge, type TelegramBridgeOptions } from '../src/index.js';
import { settingsFrom } from '../src/options.js';

const valid = { botToken: '123456:AAE-x_y', forumChatId: '-1001234567890' };

describe('options', () => {
  it('have defaults', () => {
    expect(settingsFrom(valid)).toEqual({
      ...valid,
      showUrl: true,
      showMetadata: true,
      name: 'telegram',
      apiRoot: undefined,
      pollTimeoutSeconds: 25,
      client: undefined,
    });
    expect(new TelegramBridge(valid).name).toBe('telegram');
  });

  it('take the chat id as a number, and an address with a slash', () => {
    expect(settingsFrom({ ...valid, forumChatId: -1001234567890 }).forumChatId).toBe('-1001234567890');
    expect(settingsFrom({ ...valid, apiRoot: 'http://127.0.0.1:8081/' }).apiRoot).toBe(
      'http://127.0.0.1:8081',
    );
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no token', { botToken: undefined }, /botToken is missing.*@BotFather/],
    ['an empty token', { botToken: ' ' }, /botToken is missing/],
    ['something else for a token', { botToken: 'hunter2' }, /does not look like a bot token/],
    ['no chat id', { forumChatId: undefined }, /forumChatId is missing.*t\.me\/c\//],
    ['the id of a small group', { forumChatId: '-4012345' }, /"-4012345".*begins with -100/],
    ['the id of a person', { forumChatId: 4012345 }, /begins with -100/],
    ['a name for a chat id', { forumChatId: '@acme' }, /begins with -100/],
    ['a chat id that lost digits', { forumChatId: -1e20 }, /pass it as a string/],
    ['a name that storage cannot keep', { name: 'My Bridge' }, /lower-case/],
    ['an api root that is no address', { apiRoot: 'api.telegram.org' }, /apiRoot/],
    ['a poll that nobody holds', { pollTimeoutSeconds: 0 }, /pollTimeoutSeconds/],
  ])('refuse %s and say what to do', (_, wrong, message) => {
    const make = () => new TelegramBridge({ ...valid, ...wrong } as TelegramBridgeOptions);
    expect(make).toThrow(message);
    expect(make).toThrow(BridgeError);
    expect(make).not.toThrow('hunter2');
  });
});
