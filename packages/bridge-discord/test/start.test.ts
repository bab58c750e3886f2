import { BridgeError } from '@pocketping/core';
import type { DiscordPermission } from '@pocketping/emulators';
import { call, hostInTest } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { DiscordBridge } from '../src/index.js';
import { card, emulated } from './emulated.js';

const refusal = async (starting: Promise<unknown>): Promise<BridgeError> => {
  const error: unknown = await starting.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!BridgeError.isInstance(error)) expect.fail(`expected a BridgeError, got ${String(error)}`);
  return error;
};

const saysWhichIsOff = async (permission: DiscordPermission, name: string, useThreads: boolean) => {
  const { discord, bridge, host } = await emulated({ useThreads });
  discord.deny(permission);
  const error = await refusal(bridge.start(host));
  expect(error.code).toBe('unauthorized');
  expect(error.message).toContain(name);
  expect(error.message).toMatch(/Permissions/);
  discord.grant(permission);
  await bridge.start(host);
};

describe('start', () => {
  it.each([
    ['SEND_MESSAGES', '"Send Messages"'],
    ['CREATE_PUBLIC_THREADS', '"Create Public Threads"'],
    ['SEND_MESSAGES_IN_THREADS', '"Send Messages in Threads"'],
    ['ADD_REACTIONS', '"Add Reactions"'],
    ['EMBED_LINKS', '"Embed Links"'],
    ['READ_MESSAGE_HISTORY', '"Read Message History"'],
    ['VIEW_CHANNEL', '"View Channel"'],
  ] as [DiscordPermission, string][])('says which switch is off: %s', (permission, name) =>
    saysWhichIsOff(permission, name, true),
  );

  it.each([
    ['SEND_MESSAGES', '"Send Messages"'],
    ['ADD_REACTIONS', '"Add Reactions"'],
    ['EMBED_LINKS', '"Embed Links"'],
    ['READ_MESSAGE_HISTORY', '"Read Message History"'],
    ['VIEW_CHANNEL', '"View Channel"'],
  ] as [DiscordPermission, string][])('says which switch is off without threads: %s', (permission, name) =>
    saysWhichIsOff(permission, name, false),
  );

  it('does without the permissions for threads where it has none', async () => {
    const { discord, bridge, host } = await emulated({ useThreads: false });
    discord.deny('CREATE_PUBLIC_THREADS');
    discord.deny('SEND_MESSAGES_IN_THREADS');
    await bridge.start(host);
  });

  it('says where to switch on the content of messages', async () => {
    const { discord, bridge, host } = await emulated();
    discord.setMessageContent(false);
    const error = await refusal(bridge.start(host));
    expect(error.code).toBe('misconfigured');
    expect(error.message).toContain('"Message Content Intent"');
    expect(discord.gateway.connected).toBe(0);
  });

  it('says that the token is wrong, and never says the token', async () => {
    const botToken = 'MTIz.wrong.secret';
    const { bridge, host } = await emulated({ botToken });
    const error = await refusal(bridge.start(host));
    expect(error.code).toBe('unauthorized');
    expect(error.message).toContain('Reset Token');
    expect(JSON.stringify([error.message, String(error.cause)])).not.toContain(botToken);
  });

  it('says that there is no such channel', async () => {
    const { bridge, host } = await emulated({ channelId: '123456789012345678' });
    const error = await refusal(bridge.start(host));
    expect(error.code).toBe('misconfigured');
    expect(error.message).toContain('channelId');
  });

  it('refuses a channel that takes no conversations', async () => {
    const { discord, host } = await emulated();
    const { botToken, apiRoot } = discord;
    for (const [type, useThreads] of [
      ['voice', true],
      ['forum', false],
    ] as const) {
      const channelId = discord.addChannel('elsewhere', type);
      const bridge = new DiscordBridge({ botToken, apiRoot, channelId, useThreads });
      expect((await refusal(bridge.start(host))).code).toBe('misconfigured');
    }
    await expect.poll(() => discord.gateway.connected).toBe(0);
  });

  it('says which switch to turn off in a forum that takes no thread without a tag', async () => {
    const { discord, host } = await emulated();
    const { botToken, apiRoot } = discord;
    const channelId = discord.addChannel('support', 'forum', { requireTag: true });
    const bridge = new DiscordBridge({ botToken, apiRoot, channelId });
    const error = await refusal(bridge.start(host));
    expect(error.code).toBe('misconfigured');
    expect(error.message).toContain('"Require people to select tags when posting"');
    // Somebody may turn it on later.
    const later = await refusal(bridge.open(card, call()));
    expect(later.code).toBe('misconfigured');
    expect(later.message).toContain('"Require people to select tags when posting"');
  });

  it('is unavailable while Discord cannot be reached, or answers nonsense', async () => {
    const { discord, bridge, host } = await emulated();
    discord.fault({ kind: 'bad_gateway_html', method: 'GET /gateway/bot' });
    expect((await refusal(bridge.start(host))).code).toBe('unavailable');
    const nowhere = new DiscordBridge({
      botToken: discord.botToken,
      channelId: discord.channelId,
      apiRoot: 'http://127.0.0.1:2/api',
    });
    expect((await refusal(nowhere.start(host))).code).toBe('unavailable');
  });

  it('waits as long as Discord says', async () => {
    const { discord, bridge, host } = await emulated();
    discord.fault({ kind: 'rate_limit', method: 'GET /gateway/bot', retryAfter: 42 });
    const error = await refusal(bridge.start(host));
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 42_000 });
  });

  it('can be stopped while it starts, and started again', async () => {
    const { discord, bridge, host } = await emulated();
    const starting = refusal(bridge.start(host));
    await bridge.stop();
    expect((await starting).code).toBe('unavailable');
    await bridge.start(host);
    expect(discord.gateway.connected).toBe(1);
  });

  it('tells at once that something may have been missed', async () => {
    const { bridge, host, told } = await emulated();
    await bridge.start(host);
    expect(told).toEqual(['missed']);
  });

  it('looks whether the webhook is there', async () => {
    const { discord } = await emulated();
    const webhookUrl = discord.addWebhook();
    const bridge = new DiscordBridge({ webhookUrl });
    await bridge.start(hostInTest().host);
    discord.removeWebhook(webhookUrl);
    const error = await refusal(bridge.start(hostInTest().host));
    expect(error).toMatchObject({ code: 'misconfigured' });
    expect(error.message).toContain('Integrations → Webhooks');
    const secret = webhookUrl.split('/').at(-1) as string;
    expect(`${error.message} ${String(error.cause)}`).not.toContain(secret);
  });
});
