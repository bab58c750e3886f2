import { DiscordEmulator } from '@pocketping/emulators';
import { engineInTest, eventually, visitorInTest } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DiscordBridge } from '../src/index.js';

/** So that nothing waits for its turn in tests of something else. */
const AT_ONCE = { thread: { calls: 1000, perMs: 1 }, bot: { calls: 1000, perMs: 1 } };

const began = async () => {
  const discord = await DiscordEmulator.start();
  onTestFinished(() => discord.close());
  const { botToken, channelId, apiRoot } = discord;
  const bridge = new DiscordBridge({ botToken, channelId, apiRoot, pacing: AT_ONCE });
  const engine = engineInTest({ bridge });
  await engine.pp.start();
  const anna = await visitorInTest(engine.pp, 'anna');
  await anna.say('one');
  const post = await discord.waitForMessage(({ text }) => text === 'one');
  return { discord, ada: discord.operator('Ada'), ...engine, anna, threadId: post.channelId };
};

describe('a conversation', () => {
  it('goes on in another thread, which tells what was said, when its thread was deleted', async () => {
    const { discord, ada, anna, threadId } = await began();
    ada.type(threadId, 'hi');
    await eventually(async () => expect(await anna.sees()).toEqual(['one', 'hi']));
    ada.deleteThread(threadId);
    await anna.say('two');
    const { channelId: next } = await discord.waitForMessage(({ text }) => text === 'two');
    expect(next).not.toBe(threadId);
    const texts = discord.messages(next).map(({ text, embeds }) => text || embeds[0]?.description?.text);
    expect(texts).toEqual([
      expect.stringContaining('👤'),
      '📜 What was said before\nVisitor: one\nAda: hi',
      'two',
    ]);
    ada.type(next, 'still here');
    await eventually(async () => expect(await anna.sees()).toEqual(['one', 'hi', 'two', 'still here']));
  });

  it('appears once and in order, whatever happens to the calls and to the gateway', async () => {
    const { discord, ada, anna, clock, threadId } = await began();
    const calm = discord.storm({
      rate: 0.4,
      kinds: ['timeout_after', 'timeout_before', 'reset', 'broken_body', 'server_error', 'rate_limit'],
      method: 'POST /channels/{channel}/messages',
      delayMs: 5,
      seed: 7,
    });
    const texts = Array.from({ length: 40 }, (_, at) => `visitor ${at}`);
    const answers = Array.from({ length: 10 }, (_, at) => `operator ${at}`);
    discord.deliverTimes(2, 5);
    for (const [at, text] of texts.entries()) {
      await anna.say(text);
      const answer = at % 4 === 0 ? answers[at / 4] : undefined;
      if (answer !== undefined) ada.type(threadId, answer);
      if (at === 10 || at === 25) discord.gateway.drop();
    }
    const posted = () =>
      discord
        .messages(threadId)
        .filter(({ from, text }) => from.isBot && text.startsWith('visitor'))
        .flatMap(({ text }) => text.split('\n\n'));
    for (let round = 0; round < 200 && posted().length < texts.length; round++) await clock.advance(2000);
    calm();
    await eventually(async () => {
      await clock.advance(2000);
      expect(posted()).toEqual(texts);
      const heard = (await anna.sees()).filter((text) => text.startsWith('operator'));
      expect(heard).toEqual(answers);
    });
  }, 60_000);

  it('is closed by its command, and opened again by the visitor', async () => {
    const { discord, ada, anna, threadId } = await began();
    ada.type(threadId, '!close');
    await discord.waitForThread(({ id, archived }) => id === threadId && archived);
    await anna.say('one more thing');
    await discord.waitForMessage(
      ({ text, channelId }) => channelId === threadId && text === 'one more thing',
    );
    expect(discord.thread(threadId)?.archived).toBe(false);
  });

  it('answers an unknown command where it was typed, and tells the visitor nothing', async () => {
    const { discord, ada, anna, threadId } = await began();
    const typed = ada.type(threadId, '!dance');
    await discord.waitForMessage(({ replyTo, from }) => replyTo?.id === typed.id && from.isBot);
    expect(await anna.sees()).toEqual(['one']);
  });
});
