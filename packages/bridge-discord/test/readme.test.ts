import { readFileSync } from 'node:fs';
import { DiscordEmulator } from '@pocketping/emulators';
import { bridgeReadme, eventually, visitorInTest } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DiscordBotOptions, DiscordBridge, type DiscordWebhookOptions } from '../src/index.js';
import { INVALID_REQUESTS, INVALID_REQUESTS_ALLOWED, MESSAGE_LENGTH, pacingOf } from '../src/limits.js';

const readme = bridgeReadme(readFileSync(new URL('../README.md', import.meta.url), 'utf8'));

describe('the README', () => {
  it('has code that works: a conversation from the website to the channel and back', async () => {
    const discord = await DiscordEmulator.start();
    onTestFinished(() => discord.close());
    const pocketping = await runExample(discord);
    const visitor = await visitorInTest(pocketping, 'browser-1');

    const asked = await visitor.say('Do you ship to Poland?');
    const post = await discord.waitForMessage(({ text }) => text === 'Do you ship to Poland?');
    const ada = discord.operator('Ada');
    // Nobody is so quick that the bridge does not know yet what they answer.
    await eventually(async () => expect((await pocketping.health()).bridges[0]?.backlog).toBe(0));
    const typed = ada.type(post.channelId, 'Yes, within three days', { replyTo: post.id });
    await eventually(async () => {
      expect((await visitor.messages()).at(-1)).toMatchObject({
        content: 'Yes, within three days',
        replyTo: asked.id,
      });
    });

    ada.edit(typed.id, 'Yes, within two days');
    await eventually(async () => expect((await visitor.sees()).at(-1)).toBe('Yes, within two days'));

    await visitor.edit('Do you ship to Poland?', 'And to Peru?');
    await discord.waitForMessage(({ id, text }) => id === post.id && text === 'And to Peru?');

    ada.delete(typed.id);
    await eventually(async () => expect((await visitor.sees()).at(-1)).toBe(''));

    ada.type(post.channelId, '!close');
    await discord.waitForThread(({ id, archived }) => id === post.channelId && archived);
    await visitor.say('One more thing');
    await discord.waitForMessage(
      ({ text, channelId }) => text === 'One more thing' && channelId === post.channelId,
    );
    expect(discord.threads()).toMatchObject([{ archived: false }]);
  }, 20_000);

  it('names every option', () => {
    const options: Record<keyof DiscordBotOptions | keyof DiscordWebhookOptions, true> = {
      botToken: true,
      channelId: true,
      useThreads: true,
      webhookUrl: true,
      showUrl: true,
      showMetadata: true,
      name: true,
      pacing: true,
      apiRoot: true,
      fetch: true,
    };
    expect(readme.options().sort()).toEqual(Object.keys(options).sort());
  });

  it('has examples of other modes that work', () => {
    const env = {
      DISCORD_BOT_TOKEN: 'a.b.c',
      DISCORD_CHANNEL_ID: '123456789012345678',
      DISCORD_WEBHOOK_URL: 'https://discord.com/api/webhooks/123456789012345678/secret',
    };
    const bridges = readme.otherBridges({ imports: { DiscordBridge }, env }) as DiscordBridge[];
    expect(bridges.map(({ threadless, catchUp }) => [threadless, catchUp !== undefined])).toEqual([
      [true, true],
      [true, false],
    ]);
  });

  it('names the limits that hold', () => {
    const { bot, thread } = pacingOf('threads');
    for (const figure of [
      `${thread?.calls} in ${(thread?.perMs ?? 0) / 1000} s, ${bot?.calls} a second`,
      `${MESSAGE_LENGTH} characters`,
      `${INVALID_REQUESTS_ALLOWED} refused requests within ${INVALID_REQUESTS.perMs / 60_000} minutes`,
      INVALID_REQUESTS.banned.toLocaleString('en'),
    ]) {
      expect(readme.text).toContain(figure);
    }
  });
});

/** Runs the README's code as it stands, but for where Discord is. */
const runExample = (discord: DiscordEmulator) => {
  class There extends DiscordBridge {
    constructor(options: DiscordBotOptions) {
      super({ ...options, apiRoot: discord.apiRoot });
    }
  }
  const env = { DISCORD_BOT_TOKEN: discord.botToken, DISCORD_CHANNEL_ID: discord.channelId };
  return readme.runExample({ imports: { DiscordBridge: There }, env });
};
