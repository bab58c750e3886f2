import { describe, expect, it } from 'vitest';
import { settingsFrom } from '../src/settings.js';

const read = (env: Record<string, string>) => settingsFrom(env, '/typed/here', '/app');

describe('the environment', () => {
  it('may be empty', () => {
    expect(read({})).toEqual({ port: 3000, database: '/app/.pocketping/playground.db' });
  });

  it('names a port and a file', () => {
    expect(read({ PORT: '4000', POCKETPING_DB: 'chat.db' })).toEqual({
      port: 4000,
      database: '/typed/here/chat.db',
    });
    expect(read({ POCKETPING_DB: '/data/chat.db' }).database).toBe('/data/chat.db');
  });

  it('names a real Telegram', () => {
    const telegram = {
      TELEGRAM_BOT_TOKEN: '1:a',
      TELEGRAM_FORUM_CHAT_ID: '-100',
      TELEGRAM_API_ROOT: 'http://x',
    };
    expect(read(telegram).telegram).toEqual({ botToken: '1:a', forumChatId: '-100', apiRoot: 'http://x' });
  });

  it.each([
    ['5', ['5']],
    ['5, -1001234567890,', ['5', '-1001234567890']],
  ])('names chats without topics: %j', (list, chatIds) => {
    const telegram = read({ TELEGRAM_BOT_TOKEN: '1:a', TELEGRAM_CHAT_ID: list }).telegram;
    expect(telegram).toEqual({ botToken: '1:a', chatIds });
  });

  it('may ask for a phone without topics', () => {
    expect(read({ TELEGRAM_TOPICS: 'off' }).withoutTopics).toBe(true);
    expect(read({ TELEGRAM_TOPICS: 'on' })).not.toHaveProperty('withoutTopics');
  });

  it('names a real Discord', () => {
    const discord = { DISCORD_BOT_TOKEN: 'd', DISCORD_CHANNEL_ID: '42' };
    expect(read(discord).discord).toEqual({ botToken: 'd', channelId: '42' });
    expect(read({ ...discord, DISCORD_API_ROOT: 'http://x/api' }).discord).toEqual({
      botToken: 'd',
      channelId: '42',
      apiRoot: 'http://x/api',
    });
  });

  it.each([
    [{ SLACK_APP_TOKEN: 'xapp-1' }, { appToken: 'xapp-1' }],
    [{ SLACK_SIGNING_SECRET: 'ab' }, { signingSecret: 'ab' }],
    [
      { SLACK_APP_TOKEN: 'xapp-1', SLACK_API_URL: 'http://x/api/' },
      { appToken: 'xapp-1', apiUrl: 'http://x/api/' },
    ],
  ])('names a real Slack: %j', (env, expected) => {
    const slack = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL_ID: 'C1', ...env };
    expect(read(slack as Record<string, string>).slack).toEqual({
      botToken: 'xoxb-1',
      channelId: 'C1',
      ...expected,
    });
  });

  it('names some platforms, and then no others', () => {
    const settings = read({ DISCORD_BOT_TOKEN: 'd', DISCORD_CHANNEL_ID: '42' });
    expect(settings).not.toHaveProperty('telegram');
    expect(settings).not.toHaveProperty('slack');
  });

  it.each([
    [{ PORT: 'http' }, /^PORT is "http"/],
    [{ PORT: '70000' }, /PORT/],
    [{ TELEGRAM_BOT_TOKEN: '1:a' }, /no chat is: set TELEGRAM_FORUM_CHAT_ID .* or TELEGRAM_CHAT_ID/],
    [{ TELEGRAM_BOT_TOKEN: '1:a', TELEGRAM_CHAT_ID: ' , ' }, /no chat is/],
    [{ TELEGRAM_CHAT_ID: '5' }, /TELEGRAM_CHAT_ID is set, but TELEGRAM_BOT_TOKEN is not/],
    [{ TELEGRAM_BOT_TOKEN: '1:a', TELEGRAM_FORUM_CHAT_ID: '-100', TELEGRAM_CHAT_ID: '5' }, /both set/],
    [{ TELEGRAM_TOPICS: 'no' }, /TELEGRAM_TOPICS is "no"/],
    [{ TELEGRAM_FORUM_CHAT_ID: '-100' }, /TELEGRAM_BOT_TOKEN is not/],
    [{ TELEGRAM_API_ROOT: 'http://x' }, /TELEGRAM_BOT_TOKEN is not/],
    [{ DISCORD_BOT_TOKEN: 'd' }, /DISCORD_CHANNEL_ID is not: set it/],
    [{ DISCORD_CHANNEL_ID: '42' }, /^DISCORD_CHANNEL_ID is set, but DISCORD_BOT_TOKEN is not/],
    [{ DISCORD_API_ROOT: 'http://x' }, /^DISCORD_API_ROOT is set, but DISCORD_BOT_TOKEN is not/],
    [{ SLACK_BOT_TOKEN: 'x', SLACK_APP_TOKEN: 'y' }, /SLACK_CHANNEL_ID is not: set it/],
    [{ SLACK_BOT_TOKEN: 'x', SLACK_CHANNEL_ID: 'C1' }, /neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET/],
    [
      { SLACK_BOT_TOKEN: 'x', SLACK_CHANNEL_ID: 'C1', SLACK_APP_TOKEN: 'y', SLACK_SIGNING_SECRET: 'z' },
      /both set: set the first for Socket Mode/,
    ],
    [{ SLACK_CHANNEL_ID: 'C1' }, /^SLACK_CHANNEL_ID is set, but SLACK_BOT_TOKEN is not/],
    [{ SLACK_APP_TOKEN: 'y' }, /^SLACK_APP_TOKEN is set, but SLACK_BOT_TOKEN is not/],
    [{ SLACK_SIGNING_SECRET: 'z' }, /^SLACK_SIGNING_SECRET is set, but SLACK_BOT_TOKEN is not/],
    [{ SLACK_API_URL: 'http://x' }, /^SLACK_API_URL is set, but SLACK_BOT_TOKEN is not/],
  ])('is refused with what to do: %j', (env, message) => {
    expect(() => read(env as Record<string, string>)).toThrow(message);
  });
});
