import { DiscordEmulator } from '@pocketping/emulators';
import { call, engineInTest, eventually, hostInTest, passSlowly, visitorInTest } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DiscordBridge } from '../src/index.js';
import { emulated } from './emulated.js';

const MINUTE = 60_000;

describe('access', () => {
  it.each([true, false])(
    'is there where the bot sees its channel, and nobody sees that it was asked for (threads: %s)',
    async (useThreads) => {
      const { discord, bridge, host } = await emulated({ useThreads });
      await bridge.start(host);
      await bridge.access.check(call());
      expect(discord.messages(discord.channelId)).toEqual([]);
    },
  );

  it.each(['server_error', 'bad_gateway_html', 'reset', 'timeout_before'] as const)(
    'is not known to be there while Discord does not answer (%s)',
    async (kind) => {
      const { discord, bridge } = await emulated();
      discord.fault({ kind, delayMs: 10 });
      await expect(bridge.access.check(call())).rejects.toMatchObject({ code: 'unavailable' });
      await bridge.access.check(call());
    },
  );

  it('is lost with the token, and with the channel', async () => {
    const { discord, bridge, host } = await emulated();
    await bridge.start(host);
    discord.fault({ kind: 'unauthorized', method: 'GET /channels/{channel}' });
    await expect(bridge.access.check(call())).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('Reset Token'),
    });
    discord.deny('VIEW_CHANNEL');
    await expect(bridge.access.check(call())).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('"View Channel"'),
    });
  });

  it('through a webhook is there as long as the webhook is', async () => {
    const { discord } = await emulated();
    const webhookUrl = discord.addWebhook();
    const bridge = new DiscordBridge({ webhookUrl });
    await bridge.start(hostInTest().host);
    await bridge.access.check(call());
    discord.removeWebhook(webhookUrl);
    await expect(bridge.access.check(call())).rejects.toMatchObject({ code: 'misconfigured' });
  });

  it('is asked for during an outage, and nothing is posted until it is there', async () => {
    const discord = await DiscordEmulator.start();
    onTestFinished(() => discord.close());
    const { botToken, channelId, apiRoot } = discord;
    const { pp, clock } = engineInTest({ bridge: new DiscordBridge({ botToken, channelId, apiRoot }) });
    await pp.start();
    const { say } = await visitorInTest(pp, 'anna');
    const pass = (ms: number) => passSlowly(clock, ms);
    await say('before');
    const { channelId: threadId } = await discord.waitForMessage(({ text }) => text === 'before');
    const shown = () => discord.messages(threadId).map(({ text }) => text);
    await eventually(async () => {
      await pass(2000);
      expect((await pp.health()).bridges[0]?.backlog).toBe(0);
    });
    const end = discord.fault({ kind: 'server_error', times: Number.POSITIVE_INFINITY });
    await say('during');
    const from = discord.calls.length;
    await pass(10 * MINUTE);
    const posts = discord.calls
      .slice(from)
      .filter(({ route }) => route === 'POST /channels/{channel}/messages');
    expect(posts.length).toBeGreaterThanOrEqual(1);
    expect(posts.length).toBeLessThanOrEqual(2);
    end();
    await eventually(async () => {
      await pass(2000);
      expect(shown().slice(-1)).toEqual(['during']);
    });
  });
});
