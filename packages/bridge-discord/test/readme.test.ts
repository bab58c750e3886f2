import { readFileSync } from 'node:fs';
import { PocketPing } from '@pocketping/core';
import { DiscordEmulator } from '@pocketping/emulators';
import { recordingLogger } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { type DiscordBotOptions, DiscordBridge, type DiscordWebhookOptions } from '../src/index.js';
import { INVALID_REQUESTS, INVALID_REQUESTS_ALLOWED, MESSAGE_LENGTH, pacingOf } from '../src/limits.js';
import { atEnd, eventually } from './emulated.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('has code that works: a conversation from the website to the channel and back', async () => {
    const discord = await DiscordEmulator.start();
    atEnd(() => discord.close());
    const pocketping = await runExample(discord);
    atEnd(() => pocketping.stop());

    const { conversation } = pocketping;
    const { session, token } = await conversation.connect({ visitorId: 'browser-1' }, {});
    const visitor = await conversation.authenticate(token as string);
    const say = (content: string) => conversation.send(visitor, { sessionId: session.id, content });
    const heard = async () =>
      (await conversation.messages(visitor, { sessionId: session.id, limit: 100 })).messages;

    const asked = await say('Do you ship to Poland?');
    const post = await discord.waitForMessage(({ text }) => text === 'Do you ship to Poland?');
    const ada = discord.operator('Ada');
    // Nobody is so quick that the bridge does not know yet what they answer.
    await eventually(async () => expect((await pocketping.health()).bridges[0]?.backlog).toBe(0));
    const typed = ada.type(post.channelId, 'Yes, within three days', { replyTo: post.id });
    await eventually(async () => {
      expect((await heard()).at(-1)).toMatchObject({ content: 'Yes, within three days', replyTo: asked.id });
    });

    ada.edit(typed.id, 'Yes, within two days');
    await eventually(async () => expect((await heard()).at(-1)?.content).toBe('Yes, within two days'));

    await conversation.edit(visitor, { sessionId: session.id, messageId: asked.id, content: 'And to Peru?' });
    await discord.waitForMessage(({ id, text }) => id === post.id && text === 'And to Peru?');

    ada.delete(typed.id);
    await eventually(async () => expect((await heard()).at(-1)?.content).toBe(''));

    ada.type(post.channelId, '!close');
    await discord.waitForThread(({ id, archived }) => id === post.channelId && archived);
    await say('One more thing');
    await discord.waitForMessage(
      ({ text, channelId }) => text === 'One more thing' && channelId === post.channelId,
    );
    expect(discord.threads()).toMatchObject([{ archived: false }]);
  }, 20_000);

  it('names every option', () => {
    const documented = [...section('Options').matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
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
    expect(documented.sort()).toEqual(Object.keys(options).sort());
  });

  it('has examples of other modes that work', () => {
    const examples = [...readme.matchAll(/^const bridge = (new DiscordBridge\(.*?\);)\n```/gms)].map(
      ([, code]) => code,
    );
    const env = {
      DISCORD_BOT_TOKEN: 'a.b.c',
      DISCORD_CHANNEL_ID: '123456789012345678',
      DISCORD_WEBHOOK_URL: 'https://discord.com/api/webhooks/123456789012345678/secret',
    };
    const bridges = examples.map(
      (code) =>
        new Function('DiscordBridge', 'process', `return ${code}`)(DiscordBridge, { env }) as DiscordBridge,
    );
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
      expect(readme).toContain(figure);
    }
  });
});

/** What stands below a heading of the README. */
const section = (heading: string): string =>
  readme.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';

/** Runs the README's code as it stands, but for where Discord is. */
const runExample = async (discord: DiscordEmulator): Promise<PocketPing> => {
  const [, code = ''] = /```js\n(.*?)```/s.exec(readme) ?? [];
  const body = `${code.replace(/^import .*$/gm, '')}\nreturn pocketping;`;
  const run = new AsyncFunction('PocketPing', 'DiscordBridge', 'process', body);
  class Engine extends PocketPing {
    constructor(options: object) {
      super({ ...options, logger: recordingLogger() });
    }
  }
  class There extends DiscordBridge {
    constructor(options: DiscordBotOptions) {
      super({ ...options, apiRoot: discord.apiRoot });
    }
  }
  const env = { DISCORD_BOT_TOKEN: discord.botToken, DISCORD_CHANNEL_ID: discord.channelId };
  return (await run(Engine, There, { env })) as PocketPing;
};

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<unknown>;
