import { TelegramEmulator, type TelegramEmulatorOptions } from '@pocketping/emulators';
import { bridgeInTest, engineInTest, eventually, visitorInTest } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TelegramBridge, type TelegramBridgeOptions } from '../src/index.js';

/** So that nothing waits for its turn in tests of something else. */
const AT_ONCE = { chat: { calls: 1000, perMs: 1 } };

const forum = async (
  options: Partial<TelegramBridgeOptions> = {},
  emulator: TelegramEmulatorOptions = {},
) => {
  const telegram = await TelegramEmulator.start(emulator);
  onTestFinished(() => telegram.close());
  const { botToken, forumChatId, apiRoot } = telegram;
  const bridge = new TelegramBridge({ botToken, forumChatId, apiRoot, pacing: AT_ONCE, ...options });
  return { telegram, bridge, ada: telegram.operator({ name: 'Ada' }) };
};

const began = async () => {
  const world = await forum();
  const engine = engineInTest({ bridge: world.bridge });
  await engine.pp.start();
  const anna = await visitorInTest(engine.pp, 'anna');
  await anna.say('one');
  const { topicId } = await world.telegram.waitForMessage(({ text }) => text === 'one');
  return { ...world, ...engine, anna, topicId };
};

it('an answer that breaks off in the middle is noticed at once, and left in doubt', async () => {
  const { telegram, bridge, ada } = await forum();
  const { id } = ada.createTopic('Anna');
  telegram.fault({ kind: 'broken_body', method: 'sendMessage', delayMs: 20 });
  const thread = { chatId: telegram.forumChatId, threadId: String(id) };
  const { signal } = new AbortController();
  const posted = bridge.post(
    thread,
    { markup: 'hello', plain: 'hello' },
    { nonce: 'n', plain: false, signal },
  );
  await expect(posted).rejects.toMatchObject({ code: 'uncertain' });
}, 5000);

describe('a topic', () => {
  const lostBy = async (lose: (world: Awaited<ReturnType<typeof began>>) => void) => {
    const world = await began();
    const { telegram, ada, anna, topicId } = world;
    ada.type(topicId, 'hi');
    await eventually(async () => expect(await anna.sees()).toEqual(['one', 'hi']));
    lose(world);
    await anna.say('two');
    const { topicId: next } = await telegram.waitForMessage(({ text }) => text === 'two');
    expect(next).not.toBe(topicId);
    const texts = telegram
      .messages(next)
      .filter(({ type }) => type === 'text')
      .map(({ text }) => text);
    expect(texts).toEqual([
      expect.stringContaining('🆔'),
      '📜 What was said before\nVisitor: one\nAda: hi',
      'two',
    ]);
    ada.type(next, 'still here');
    await eventually(async () => expect(await anna.sees()).toEqual(['one', 'hi', 'two', 'still here']));
    return world;
  };

  it('that was deleted is followed by another one, which tells what was said', async () => {
    await lostBy(({ telegram, topicId }) => telegram.deleteTopic(topicId));
  });

  it('that bots cannot reach is followed by another one, and what people go on typing there is not lost', async () => {
    const { ada, anna, topicId } = await lostBy(({ telegram, topicId }) => telegram.blockTopic(topicId));
    const typed = ada.type(topicId, 'over here');
    await eventually(async () => expect((await anna.sees()).at(-1)).toBe('over here'));
    ada.edit(typed.id, 'over there');
    await eventually(async () => expect((await anna.sees()).at(-1)).toBe('over there'));
  });
});

describe('the General topic', () => {
  it.each(['closeTopic', 'hideGeneral'] as const)(
    'takes no answers from a bot without rights after %s: they are dropped, and hold up nothing',
    async (close) => {
      const { telegram, ada, anna, topicId, clock, logger } = await began();
      telegram.setBotMembership({ can_manage_topics: false });
      if (close === 'closeTopic') ada.closeTopic(1);
      else ada.hideGeneral();
      ada.typeInGeneral('/status');
      await eventually(() => {
        expect(logger.lines).toContainEqual(
          expect.objectContaining({ message: 'an answer was not delivered' }),
        );
      });
      await clock.advance(120_000);
      await anna.say('two');
      await telegram.waitForMessage((message) => message.text === 'two' && message.topicId === topicId);
      const answers = telegram.calls.filter(
        ({ method, params }) => method === 'sendMessage' && params.message_thread_id === undefined,
      );
      expect(answers).toHaveLength(1);
    },
  );

  it('is answered when it is closed and the bot may write there', async () => {
    const { telegram, ada } = await began();
    ada.closeTopic(1);
    ada.typeInGeneral('/status');
    await telegram.waitForMessage(
      ({ topicId, text }) => topicId === 1 && text.includes('Open conversations'),
    );
  });
});

describe('a message', () => {
  it('whose markup Telegram does not take appears as plain text, once', async () => {
    const { telegram, anna, topicId } = await began();
    const description = "Bad Request: can't parse entities: Unsupported start tag";
    telegram.fault({ kind: 'refuse', method: 'sendMessage', description });
    await anna.say('a <b> c @ada_l');
    const message = await telegram.waitForMessage(({ text }) => text === 'a <b> c @ada_l');
    expect(message.entities).toEqual([{ type: 'code', offset: 8, length: 6 }]);
    const [refused, plain] = telegram.calls.filter(({ params }) => String(params.text).includes('@ada_l'));
    expect([refused?.params.parse_mode, plain?.params.parse_mode]).toEqual(['HTML', undefined]);
    expect(telegram.messages(topicId).filter(({ text }) => text === 'a <b> c @ada_l')).toHaveLength(1);
  });

  it('waits for as long as Telegram says', async () => {
    const { telegram, anna, clock, topicId } = await began();
    telegram.fault({ kind: 'rate_limit', method: 'sendMessage', retryAfter: 35 });
    await anna.say('two');
    await telegram.waitForCall(({ params }) => params.text === 'two');
    await clock.advance(34_000);
    expect(telegram.calls.filter(({ params }) => params.text === 'two')).toHaveLength(1);
    await clock.advance(2000);
    await telegram.waitForMessage(({ text }) => text === 'two');
    expect(telegram.messages(topicId).filter(({ text }) => text === 'two')).toHaveLength(1);
  });
});

describe('a second poller', () => {
  it('is seen in the health; posting goes on, and listening when it is gone', async () => {
    const { telegram, pp, anna, ada, clock, topicId } = await began();
    const second = () => fetch(`${telegram.apiRoot}/bot${telegram.botToken}/getUpdates?timeout=0`);
    await telegram.waitForCall(({ method }) => method === 'getUpdates');
    await second();
    await eventually(async () => {
      expect(await bridgeInTest(pp, 'telegram')).toMatchObject({ state: 'paused', reason: 'misconfigured' });
    });
    expect((await pp.health()).status).toBe('degraded');
    await anna.say('two');
    await telegram.waitForMessage(({ text }) => text === 'two');
    ada.type(topicId, 'hi');
    await clock.advance(60_000);
    await eventually(async () => expect(await anna.sees()).toEqual(['one', 'two', 'hi']));
    await eventually(async () => expect(await bridgeInTest(pp, 'telegram')).toMatchObject({ state: 'up' }));
  });
});

describe('starting', () => {
  it.each<[string, (telegram: TelegramEmulator) => Partial<TelegramBridgeOptions>, RegExp]>([
    ['a wrong token', () => ({ botToken: '1:wrong' }), /@BotFather/],
    [
      'a chat without topics',
      (telegram) => {
        telegram.setForum(telegram.forumChatId, false);
        return {};
      },
      /no topics.*switch topics on/,
    ],
    [
      'a bot without the right',
      (telegram) => {
        telegram.setBotMembership({ can_manage_topics: false });
        return {};
      },
      /"Manage Topics"/,
    ],
    [
      'a bot that is no administrator',
      (telegram) => {
        telegram.setBotMembership({ status: 'member' });
        return {};
      },
      /Add Admin/,
    ],
  ])('with %s says what to do, and then nothing runs', async (_, spoil, message) => {
    const telegram = await TelegramEmulator.start();
    onTestFinished(() => telegram.close());
    const { botToken, forumChatId, apiRoot } = telegram;
    const bridge = new TelegramBridge({ botToken, forumChatId, apiRoot, ...spoil(telegram) });
    await expect(engineInTest({ bridge }).pp.start()).rejects.toThrow(message);
    expect(telegram.calls.some(({ method }) => method === 'getUpdates')).toBe(false);
  });
});

describe('a bot that loses its right', () => {
  it('is up again by itself when it is back, though nobody has anything to say', async () => {
    const { telegram, pp, anna, clock } = await began();
    telegram.setBotMembership({ status: 'kicked' });
    await anna.say('two');
    await eventually(async () => {
      expect(await bridgeInTest(pp, 'telegram')).toMatchObject({ state: 'paused', reason: 'unauthorized' });
    });
    await anna.remove('two');
    telegram.setBotMembership({ status: 'administrator', can_manage_topics: true });
    const sent = () => telegram.calls.filter(({ method }) => method === 'sendMessage').length;
    const before = sent();
    await clock.advance(61_000);
    await eventually(async () =>
      expect(await bridgeInTest(pp, 'telegram')).toMatchObject({ state: 'up', backlog: 0 }),
    );
    expect(sent()).toBe(before);
  });

  it.each<[string, { status?: 'kicked'; can_manage_topics?: false }, string]>([
    ['to be there', { status: 'kicked' }, 'anna'],
    ['to open topics', { can_manage_topics: false }, 'bea'],
  ])('%s stops nobody elsewhere, and catches up by itself when it is back', async (_, loss, who) => {
    const one = await forum({ name: 'one' });
    const other = await forum({ name: 'other' });
    const { pp, clock } = engineInTest({ bridges: [one.bridge, other.bridge] });
    await pp.start();
    const anna = await visitorInTest(pp, 'anna');
    await anna.say('hello');
    await one.telegram.waitForMessage(({ text }) => text === 'hello');
    const speaker = who === 'anna' ? anna : await visitorInTest(pp, who);

    one.telegram.setBotMembership(loss);
    await speaker.say('first');
    const { topicId } = await other.telegram.waitForMessage(({ text }) => text === 'first');
    await eventually(async () => {
      expect(await bridgeInTest(pp, 'one')).toMatchObject({ state: 'paused', reason: 'unauthorized' });
    });
    expect(await bridgeInTest(pp, 'other')).toMatchObject({ state: 'up' });
    other.ada.type(topicId, 'answer');
    await eventually(async () => expect((await speaker.sees()).at(-1)).toBe('answer'));
    await speaker.say('second');
    await other.telegram.waitForMessage(({ text }) => text === 'second');

    one.telegram.setBotMembership({ status: 'administrator', can_manage_topics: true });
    await clock.advance(61_000);
    const last = await one.telegram.waitForMessage(({ text }) => text.includes('second'));
    await eventually(async () =>
      expect(await bridgeInTest(pp, 'one')).toMatchObject({ state: 'up', backlog: 0 }),
    );
    const said = one.telegram
      .messages(last.topicId)
      .map(({ text }) => text)
      .join('\n');
    for (const word of ['first', 'answer', 'second']) expect(said.split(word)).toHaveLength(2);
    expect(said).toMatch(/first.*answer.*second/s);
  });
});
