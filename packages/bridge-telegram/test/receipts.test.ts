import type { ThreadRef } from '@pocketping/core';
import { call, engineInTest, eventually, visitorInTest } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import type { TelegramBridge } from '../src/index.js';
import { card, emulated, emulatedChats, postCall } from './emulated.js';

const method = 'setMessageReaction';
const words = { markup: 'hello', plain: 'hello' };
const posted = async (bridge: TelegramBridge, thread?: ThreadRef) =>
  bridge.post(thread ?? (await bridge.open(card, call())), words, postCall);

describe('a receipt', () => {
  it('is a thumb once it arrived, and eyes in its place once it was read', async () => {
    const { telegram, bridge } = await emulated();
    const message = await posted(bridge);
    const reactions = () => telegram.message(Number(message.platformId))?.reactions;
    await bridge.receipts.mark(message, 'delivered', call());
    expect(reactions()).toEqual(['👍']);
    await bridge.receipts.mark(message, 'read', call());
    expect(reactions()).toEqual(['👀']);
  });

  it.each([
    ['Bad Request: REACTION_INVALID', 400],
    ['Bad Request: REACTIONS_TOO_MANY', 400],
    ['Forbidden: ANONYMOUS_REACTIONS_DISABLED', 403],
    ['Bad Request: not enough rights to react to the message', 400],
    ['Bad Request: MESSAGE_NOT_MODIFIED', 400],
  ])('is passed over where Telegram says %j', async (description, code) => {
    const { telegram, bridge } = await emulated();
    const message = await posted(bridge);
    telegram.fault({ kind: 'refuse', method, description, code });
    await expect(bridge.receipts.mark(message, 'read', call())).resolves.toBeUndefined();
  });

  it('that got no answer may be repeated, which nobody notices', async () => {
    const { telegram, bridge } = await emulated();
    const message = await posted(bridge);
    telegram.fault({ kind: 'server_error', method });
    await expect(bridge.receipts.mark(message, 'read', call())).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('is for no message from before a group became a supergroup', async () => {
    const { telegram, bridge, host, chatIds } = await emulatedChats([
      { type: 'group', bot: 'administrator' },
    ]);
    await bridge.start(host);
    const message = await posted(bridge);
    telegram.migrate(chatIds[0] as string);
    for (const _ of [1, 2]) {
      await expect(bridge.receipts.mark(message, 'read', call())).rejects.toMatchObject({
        code: 'message_gone',
      });
    }
  });
});

const conversation = async (refusing: boolean) => {
  const { telegram, bridge } = await emulated();
  const description = 'Bad Request: REACTION_INVALID';
  if (refusing) telegram.fault({ kind: 'refuse', method, description, times: 100 });
  const { pp, clock, logger } = engineInTest({ bridge });
  await pp.start();
  const ada = await visitorInTest(pp, 'ada');
  await ada.say('Do you ship?');
  await telegram.waitForMessage(({ text }) => text === 'Do you ship?');
  const topic = telegram.topics()[0]?.id as number;
  const { id } = telegram.operator({ name: 'Bob' }).type(topic, 'We do');
  await eventually(async () => expect(await ada.sees()).toContain('We do'));
  await ada.reads();
  await eventually(async () => {
    await clock.advance(1000);
    expect(telegram.calls.filter((made) => made.method === method)).toHaveLength(1);
  });
  return { telegram, pp, clock, logger, ada, id };
};

describe('in a conversation', () => {
  it('what Bob answers gets eyes when the visitor has read it', async () => {
    const { telegram, id } = await conversation(false);
    await eventually(() => expect(telegram.message(id)?.reactions).toEqual(['👀']));
  });

  it('a group that allows no reactions gets every message all the same, and nobody is warned', async () => {
    const { telegram, pp, ada, logger } = await conversation(true);
    await ada.say('thanks');
    await telegram.waitForMessage(({ text }) => text === 'thanks');
    expect((await pp.health()).status).toBe('ok');
    expect(logger.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });
});
