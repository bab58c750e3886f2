import { MemoryStorage, type StoragePort } from '@pocketping/core';
import { type NewChat, TelegramEmulator } from '@pocketping/emulators';
import { engineInTest, eventually, visitorInTest } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TelegramBridge } from '../src/index.js';

const AT_ONCE = { chat: { calls: 1000, perMs: 1 } };

const began = async (chat: NewChat, storage?: StoragePort) => {
  const telegram = await TelegramEmulator.start();
  onTestFinished(() => telegram.close());
  const chatId = telegram.addChat({ person: { name: 'Ada' }, ...chat });
  const { botToken, apiRoot } = telegram;
  const bridge = new TelegramBridge({ botToken, apiRoot, chatIds: chatId, pacing: AT_ONCE });
  const engine = engineInTest({ bridge, ...(storage && { storage }) });
  await engine.pp.start();
  const [anna, bea] = [await visitorInTest(engine.pp, 'anna'), await visitorInTest(engine.pp, 'bea')];
  const view = telegram.chat(chatId);
  const posted = (text: string, where = view) =>
    where.waitForMessage((message) => message.from.isBot && message.text.endsWith(`\n${text}`));
  return {
    ...engine,
    telegram,
    chatId,
    view,
    posted,
    anna,
    bea,
    ada: telegram.operator({ name: 'Ada' }).in(chatId),
  };
};

const CHATS: readonly NewChat[] = [
  { type: 'private' },
  { type: 'group', bot: 'administrator' },
  { type: 'supergroup', bot: 'administrator' },
];

describe.each(CHATS)('conversations side by side in a $type chat', (chat) => {
  it('are told apart by replying', async () => {
    const { anna, bea, ada, posted } = await began(chat);
    await Promise.all([anna.say('from Anna'), bea.say('from Bea')]);
    const [annas, beas] = [await posted('from Anna'), await posted('from Bea')];
    ada.say('to Bea', { replyTo: beas.id });
    ada.say('to Anna', { replyTo: annas.id });
    await eventually(async () => {
      expect(await anna.sees()).toEqual(['from Anna', 'to Anna']);
      expect(await bea.sees()).toEqual(['from Bea', 'to Bea']);
    });
  });

  it('go on below what a teammate wrote', async () => {
    const { anna, ada, posted } = await began(chat);
    await anna.say('hello');
    const first = ada.say('one moment', { replyTo: (await posted('hello')).id });
    await eventually(async () => expect(await anna.sees()).toEqual(['hello', 'one moment']));
    ada.say('here I am', { replyTo: first.id });
    await eventually(async () => expect((await anna.sees()).at(-1)).toBe('here I am'));
  });

  it('show edits and deletions of both sides', async () => {
    const { anna, ada, posted, view } = await began(chat);
    await anna.say('helo');
    const post = await posted('helo');
    await anna.edit('helo', 'hello');
    await view.waitForMessage(({ id, text }) => id === post.id && text.endsWith('\nhello'));
    const typed = ada.say('by', { replyTo: post.id });
    await eventually(async () => expect((await anna.sees()).at(-1)).toBe('by'));
    ada.edit(typed.id, 'hi');
    await eventually(async () => expect((await anna.sees()).at(-1)).toBe('hi'));
    ada.say('/delete', { replyTo: typed.id });
    await eventually(async () => expect((await anna.sees()).at(-1)).toBe(''));
    await anna.remove('helo');
    await view.waitForMessage(({ id, deleted }) => id === post.id && deleted);
  });

  it('know the visitor’s message that a reply answers', async () => {
    const { anna, ada, posted, pp } = await began(chat);
    await anna.say('one');
    await anna.say('two');
    ada.say('yes', { replyTo: (await posted('one')).id });
    await eventually(async () => {
      const [one, , yes] = await pp.getMessages(anna.sessionId);
      expect(yes).toMatchObject({ content: 'yes', replyTo: one?.id });
    });
  });

  it('are found by the mark alone when the storage knows nothing of a post', async () => {
    class Forgetful extends MemoryStorage {
      override async links(): Promise<[]> {
        return [];
      }
    }
    const { anna, bea, ada, posted, view } = await began(chat, new Forgetful());
    await Promise.all([anna.say('from Anna'), bea.say('from Bea')]);
    ada.say('to Bea', { replyTo: (await posted('from Bea')).id });
    const card = view
      .messages()
      .find(({ text }) => text.startsWith('🆕') && text.includes(tagOf(anna.sessionId)));
    ada.say('to Anna', { replyTo: card?.id });
    await eventually(async () => {
      expect(await anna.sees()).toEqual(['from Anna', 'to Anna']);
      expect(await bea.sees()).toEqual(['from Bea', 'to Bea']);
    });
  });
});

describe('what is said to nobody', () => {
  it('is answered in a person’s chat', async () => {
    const { anna, ada, posted, view } = await began({ type: 'private' });
    await anna.say('hello');
    await posted('hello');
    const typed = ada.say('hi');
    const answer = await view.waitForMessage(({ replyTo }) => replyTo?.id === typed.id);
    expect(answer.text).toMatch(/^Not delivered: it is not clear whom this is for/);
    expect(await anna.sees()).toEqual(['hello']);
  });

  it('is the team’s own talk in a group', async () => {
    const { anna, ada, posted, view } = await began({ type: 'group', bot: 'administrator' });
    await anna.say('hello');
    const post = await posted('hello');
    ada.say('lunch?');
    ada.say('hi', { replyTo: post.id });
    await eventually(async () => expect(await anna.sees()).toEqual(['hello', 'hi']));
    expect(view.messages().filter(({ text }) => text.includes('Not delivered'))).toEqual([]);
  });
});

describe('a group that becomes a supergroup', () => {
  it('keeps every conversation, in the new chat, and doubles nothing but a recap', async () => {
    const { telegram, chatId, anna, bea, ada, posted, view } = await began({
      type: 'group',
      bot: 'administrator',
    });
    await Promise.all([anna.say('one'), bea.say('hello')]);
    ada.say('hi', { replyTo: (await posted('one')).id });
    await eventually(async () => expect(await anna.sees()).toEqual(['one', 'hi']));
    await posted('hello');
    const next = telegram.chat(telegram.migrate(chatId));
    await anna.say('two');
    const two = await posted('two', next);
    const texts = next
      .messages()
      .filter(({ type }) => type === 'text')
      .map(({ text }) => text.split('\n').slice(1).join('\n'));
    expect(texts).toEqual(['', 'What was said before\nVisitor: one\nAda: hi', 'two']);
    const there = telegram.operator({ name: 'Ada' }).in(next.id);
    there.say('still here', { replyTo: two.id });
    await eventually(async () => expect(await anna.sees()).toEqual(['one', 'hi', 'two', 'still here']));
    await bea.say('anybody?');
    there.say('yes', { replyTo: (await posted('anybody?', next)).id });
    await eventually(async () => expect(await bea.sees()).toEqual(['hello', 'anybody?', 'yes']));
    expect(view.messages().filter(({ text }) => text.includes('two'))).toEqual([]);
  });
});

const tagOf = (sessionId: string): string => `#c${sessionId.slice(-5)}`;
