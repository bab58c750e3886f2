import { readFileSync } from 'node:fs';
import { PocketPing } from '@pocketping/core';
import { TelegramEmulator } from '@pocketping/emulators';
import { recordingLogger } from '@pocketping/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { TelegramBridge, type TelegramBridgeOptions } from '../src/index.js';
import {
  DELETABLE_HOURS,
  LONGEST_POLL_SECONDS,
  MESSAGE_LENGTH,
  pacingOf,
  UPDATES_KEPT_HOURS,
  WEBHOOK_PORTS,
} from '../src/limits.js';
import { eventually } from './emulated.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const ending: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

describe('the README', () => {
  it('has code that works: a conversation from the website to the group and back', async () => {
    const telegram = await TelegramEmulator.start();
    ending.push(() => telegram.close());
    const pocketping = await runExample(telegram);
    ending.push(() => pocketping.stop());

    const { conversation } = pocketping;
    const { session, token } = await conversation.connect({ visitorId: 'browser-1' }, {});
    const visitor = await conversation.authenticate(token as string);
    const say = (content: string) => conversation.send(visitor, { sessionId: session.id, content });
    const heard = async () =>
      (await conversation.messages(visitor, { sessionId: session.id, limit: 100 })).messages;

    const asked = await say('Do you ship to Poland?');
    const post = await telegram.waitForMessage(({ text }) => text === 'Do you ship to Poland?');
    const ada = telegram.operator({ name: 'Ada' });
    const typed = ada.type(post.topicId, 'Yes, within three days', { replyTo: post.id });
    await eventually(async () => {
      expect((await heard()).at(-1)).toMatchObject({ content: 'Yes, within three days', replyTo: asked.id });
    });

    ada.edit(typed.id, 'Yes, within two days');
    await eventually(async () => expect((await heard()).at(-1)?.content).toBe('Yes, within two days'));

    await conversation.edit(visitor, { sessionId: session.id, messageId: asked.id, content: 'And to Peru?' });
    await telegram.waitForMessage(({ id, text }) => id === post.id && text === 'And to Peru?');

    ada.type(post.topicId, '/delete', { replyTo: typed.id });
    await eventually(async () => expect((await heard()).at(-1)?.content).toBe(''));

    ada.type(post.topicId, '/close');
    await telegram.waitForTopic(({ id, closed }) => id === post.topicId && closed);
    await say('One more thing');
    await telegram.waitForTopic(({ id, closed }) => id === post.topicId && !closed);
    await telegram.waitForMessage(
      ({ text, topicId }) => text === 'One more thing' && topicId === post.topicId,
    );
    expect(telegram.topics()).toHaveLength(1);
  });

  it('names every option', () => {
    const documented = [...readme.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
    const options: Record<keyof TelegramBridgeOptions, true> = {
      botToken: true,
      forumChatId: true,
      chatIds: true,
      showUrl: true,
      showMetadata: true,
      name: true,
      webhook: true,
      pacing: true,
      apiRoot: true,
      pollTimeoutSeconds: true,
      client: true,
    };
    expect(documented.sort()).toEqual(Object.keys(options).sort());
  });

  it('lists every command that the menu offers', async () => {
    const documented = /^- \*\*Commands\*\*: (.*?), and your site's own/ms.exec(readme)?.[1] ?? '';
    const menu: string[] = [];
    const pp = new PocketPing({ logger: recordingLogger() });
    pp.addBridge({
      name: 'listening',
      commandPrefix: '/',
      pacing: {},
      start: async ({ commands }) => void menu.push(...commands.map(({ name }) => `\`/${name}\``)),
      stop: async () => {},
      open: async () => ({ chatId: 'c', threadId: 't' }),
      render: () => [],
      post: async () => ({ chatId: 'c', platformId: 'p' }),
      answer: async () => {},
    });
    await pp.start();
    await pp.stop();
    expect(documented.split(/,\s+/)).toEqual(menu);
  });

  it('has examples of other options that work', () => {
    const examples = [...readme.matchAll(/^const bridge = (new TelegramBridge\(.*?\);)\n```/gms)].map(
      ([, code]) => code,
    );
    const env = { TELEGRAM_BOT_TOKEN: '1:a', TELEGRAM_FORUM_CHAT_ID: '-1001' };
    const bridges = examples.map(
      (code) =>
        new Function('TelegramBridge', 'process', `return ${code}`)(TelegramBridge, {
          env,
        }) as TelegramBridge,
    );
    expect(bridges.map(({ name, siblings }) => [name, ...siblings.map((sibling) => sibling.name)])).toEqual([
      ['telegram-123456789', 'telegram-g1001234567890'],
      ['telegram'],
    ]);
    for (const { name } of bridges[0]?.siblings ?? []) expect(readme).toContain(`\`${name}\``);
  });

  it('names the limits that hold', () => {
    const group = pacingOf('group', 1);
    for (const figure of [
      `${group.chat?.calls} messages a minute`,
      `${group.bot?.calls} a second`,
      `${MESSAGE_LENGTH} characters`,
      `older than ${DELETABLE_HOURS} hours`,
      `for up to ${UPDATES_KEPT_HOURS} hours`,
      `1 to ${LONGEST_POLL_SECONDS} `,
      `ports ${WEBHOOK_PORTS.slice(0, -1).join(', ')} and ${WEBHOOK_PORTS.at(-1)}`,
    ]) {
      expect(readme).toContain(figure);
    }
  });
});

/** Runs the README's code as it stands, but for where Telegram is. */
const runExample = async (telegram: TelegramEmulator): Promise<PocketPing> => {
  const [, code = ''] = /```js\n(.*?)```/s.exec(readme) ?? [];
  const body = `${code.replace(/^import .*$/gm, '')}\nreturn pocketping;`;
  const run = new AsyncFunction('PocketPing', 'TelegramBridge', 'process', body);
  class Engine extends PocketPing {
    constructor(options: object) {
      super({ ...options, logger: recordingLogger() });
    }
  }
  class Bridge extends TelegramBridge {
    constructor(options: ConstructorParameters<typeof TelegramBridge>[0]) {
      super({ ...options, apiRoot: telegram.apiRoot });
    }
  }
  const env = { TELEGRAM_BOT_TOKEN: telegram.botToken, TELEGRAM_FORUM_CHAT_ID: telegram.forumChatId };
  return (await run(Engine, Bridge, { env })) as PocketPing;
};

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<unknown>;
