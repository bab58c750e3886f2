import { BridgeError } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { SlackBridge, type SlackBridgeOptions } from '../src/index.js';
import { settingsFrom } from '../src/settings.js';

const valid = { botToken: 'xoxb-1-2-secret', channelId: 'C0123456789', signingSecret: 'a'.repeat(32) };
const webhookUrl = 'https://hooks.slack.com/services/T0/B0/secret';

describe('options', () => {
  it('have defaults', () => {
    expect(settingsFrom(valid)).toMatchObject({
      kind: 'bot',
      name: 'slack',
      showUrl: true,
      showMetadata: true,
      ear: { kind: 'events' },
      apiUrl: 'https://slack.com/api/',
      pacing: { chat: { calls: 4, perMs: 4000 } },
    });
    expect(new SlackBridge(valid).name).toBe('slack');
    expect(new SlackBridge(valid).commandPrefix).toBe('@PocketPing ');
  });

  it('choose how the team is heard', () => {
    expect(new SlackBridge(valid).webhook).toBeDefined();
    const socket = new SlackBridge({ ...valid, appToken: 'xapp-1' });
    expect(socket.webhook).toBeUndefined();
    expect(socket.catchUp).toBeDefined();
    const silent = new SlackBridge({ webhookUrl });
    expect([silent.webhook, silent.catchUp, silent.editing, silent.threadless]).toEqual([
      undefined,
      undefined,
      undefined,
      true,
    ]);
  });

  it('take an unset variable for none, and an address without its last slash', () => {
    expect(
      settingsFrom({ ...valid, webhookUrl: '', appToken: ' ', apiUrl: 'http://127.0.0.1:80/api' }),
    ).toMatchObject({
      kind: 'bot',
      ear: { kind: 'events' },
      apiUrl: 'http://127.0.0.1:80/api/',
    });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no token', { botToken: undefined }, /botToken is missing.*OAuth & Permissions/],
    ['a user’s token', { botToken: 'xoxp-secret' }, /does not begin with xoxb-/],
    ['no channel', { channelId: '' }, /channelId is missing.*Channel ID/],
    ['a name for a channel', { channelId: '#support' }, /"#support" is not a channel's id/],
    ['a person for a channel', { channelId: 'U0123456789' }, /is not a channel's id/],
    [
      'no way to hear',
      { signingSecret: undefined },
      /signingSecret or appToken is missing.*connections:write/,
    ],
    ['a bot’s token for the app’s', { appToken: 'xoxb-secret' }, /appToken does not begin with xapp-/],
    ['both ways of posting', { webhookUrl }, /botToken and webhookUrl are both set/],
    ['a webhook that is no address', { botToken: '', webhookUrl: 'hooks.slack.com' }, /webhookUrl must be/],
    [
      'a webhook without encryption',
      { botToken: '', webhookUrl: 'http://a.example/x' },
      /webhookUrl must be/,
    ],
    ['an API that is no address', { apiUrl: 'slack.com' }, /apiUrl must be/],
    ['a name that storage cannot keep', { name: 'My Slack' }, /lower-case/],
    ['a pace for nothing', { pacing: { channel: { calls: 1, perMs: 1 } } }, /pacing\.channel does not exist/],
    ['a pace of nothing', { pacing: { chat: { calls: 0, perMs: 1 } } }, /pacing\.chat\.calls/],
    ['a pace in no time', { pacing: { chat: { calls: 1, perMs: 0 } } }, /pacing\.chat\.perMs/],
  ])('refuse %s, and say what to change', (_, change, says) => {
    const making = () => new SlackBridge({ ...valid, ...change } as SlackBridgeOptions);
    expect(making).toThrow(says);
    try {
      making();
    } catch (error) {
      expect(BridgeError.isInstance(error) && error.code).toBe('misconfigured');
      expect(String(error)).not.toContain('secret');
    }
  });
});
