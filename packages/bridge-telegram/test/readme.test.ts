import { readFileSync } from 'node:fs';
import { PocketPing } from '@pocketping/core';
import { TelegramEmulator } from '@pocketping/emulators';
import { bridgeReadme, eventually, recordingLogger, visitorInTest } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TelegramBridge, type TelegramBridgeOptions } from '../src/index.js';
import {
  DELETABLE_HOURS,
  LONGEST_POLL_SECONDS,
  MESSAGE_LENGTH,
  pacingOf,
  UPDATES_KEPT_HOURS,
  WEBHOOK_PORTS,
} from '../src/limits.js';

const readme = bridgeReadme(readFileSync(new URL('../README.md', import.meta.url), 'utf8'));

describe('the README', () => {
  it('has code that works: a conversation from the website to the group and back', async () => {
    const telegram = await TelegramEmulator.start();
    onTestFinished(() => telegram.close());
    const pocketping = await runExample(telegram);
    const visitor = await visitorInTest(pocketping, 'browser-1');

    const asked = await visitor.say('Do you ship to Poland?');
    const post = await telegram.waitForMessage(({ text }) => text === 'Do you ship to Poland?');
    const ada = telegram.operator({ name: 'Ada' });
    const typed = ada.type(post.topicId, 'Yes, within three days', { replyTo: post.id });
    await eventually(async () => {
      expect((await visitor.messages()).at(-1)).toMatchObject({
        content: 'Yes, within three days',
        replyTo: asked.id,
      });
    });

    ada.edit(typed.id, 'Yes, within two days');
    await eventually(async () => expect((await visitor.sees()).at(-1)).toBe('Yes, within two days'));

    await visitor.edit('Do you ship to Poland?', 'And to Peru?');
    await telegram.waitForMessage(({ id, text }) => id === post.id && text === 'And to Peru?');

    ada.type(post.topicId, '/delete', { replyTo: typed.id });
    await eventually(async () => expect((await visitor.sees()).at(-1)).toBe(''));

    ada.type(post.topicId, '/close');
    await telegram.waitForTopic(({ id, closed }) => id === post.topicId && closed);
    await visitor.say('One more thing');
    await telegram.waitForTopic(({ id, closed }) => id === post.topicId && !closed);
    await telegram.waitForMessage(
      ({ text, topicId }) => text === 'One more thing' && topicId === post.topicId,
    );
    expect(telegram.topics()).toHaveLength(1);
  });

  it('names every option', () => {
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
    expect(readme.options().sort()).toEqual(Object.keys(options).sort());
  });

  it('lists every command that the menu offers', async () => {
    const documented = /^- \*\*Commands\*\*: (.*?), and your site's own/ms.exec(readme.text)?.[1] ?? '';
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
    const env = { TELEGRAM_BOT_TOKEN: '1:a', TELEGRAM_FORUM_CHAT_ID: '-1001' };
    const bridges = readme.otherBridges({ imports: { TelegramBridge }, env }) as TelegramBridge[];
    expect(bridges.map(({ name, siblings }) => [name, ...siblings.map((sibling) => sibling.name)])).toEqual([
      ['telegram-123456789', 'telegram-g1001234567890'],
      ['telegram'],
    ]);
    for (const { name } of bridges[0]?.siblings ?? []) expect(readme.text).toContain(`\`${name}\``);
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
      expect(readme.text).toContain(figure);
    }
  });
});

/** Runs the README's code as it stands, but for where Telegram is. */
const runExample = (telegram: TelegramEmulator) => {
  class There extends TelegramBridge {
    constructor(options: ConstructorParameters<typeof TelegramBridge>[0]) {
      super({ ...options, apiRoot: telegram.apiRoot });
    }
  }
  const env = { TELEGRAM_BOT_TOKEN: telegram.botToken, TELEGRAM_FORUM_CHAT_ID: telegram.forumChatId };
  return readme.runExample({ imports: { TelegramBridge: There }, env });
};
