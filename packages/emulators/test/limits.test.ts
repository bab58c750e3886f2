import { expect, test } from 'vitest';
import type { Limits } from '../src/index.js';
import { refusalOf, startTelegram } from './telegram.js';

async function startLimited(limits: boolean | Limits = true) {
  let now = Date.UTC(2026, 0, 1);
  const it = await startTelegram({ limits, clock: { now: () => now } });
  const pass = (ms: number) => {
    now += ms;
  };
  return { ...it, pass };
}

test('a group takes 20 messages a minute, edits and topics among them, whatever the topic', async () => {
  const { telegram, api, chat, pass } = await startLimited();
  const { message_thread_id } = await api.createForumTopic(chat, 'Ada');
  const { message_id } = await api.sendMessage(chat, 'x', { message_thread_id });
  pass(10_000);
  for (let count = 0; count < 8; count++) await api.sendMessage(chat, `${count}`);
  for (let count = 0; count < 8; count++) await api.editMessageText(chat, message_id, `${count}`);
  await api.closeForumTopic(chat, message_thread_id);
  await api.reopenForumTopic(chat, message_thread_id);
  const { error_code, description, parameters } = await refusalOf(api.sendMessage(chat, 'x'));
  expect([error_code, description, parameters]).toEqual([
    429,
    'Too Many Requests: retry after 50',
    { retry_after: 50 },
  ]);
  expect(telegram.limitsExceeded).toBe(1);
  await api.sendChatAction(chat, 'typing');
  await api.setMessageReaction(chat, message_id, []);
  await api.deleteMessage(chat, message_id);
  await api.getChat(chat);
  pass(49_900);
  expect((await refusalOf(api.sendMessage(chat, 'x'))).parameters).toEqual({ retry_after: 1 });
  pass(100);
  await api.sendMessage(chat, 'x');
  expect(telegram.limitsExceeded).toBe(2);
});

test('a private chat takes a short burst, then one a second', async () => {
  const { telegram, api, pass } = await startLimited();
  const chat = telegram.addChat({ type: 'private' });
  for (let count = 0; count < 3; count++) await api.sendMessage(chat, 'burst');
  expect((await refusalOf(api.sendMessage(chat, 'x'))).parameters).toEqual({ retry_after: 1 });
  for (let count = 0; count < 30; count++) {
    pass(1_000);
    await api.sendMessage(chat, 'steady');
  }
  expect(telegram.limitsExceeded).toBe(1);
});

test('the bot may send 30 a second to all chats together', async () => {
  const { telegram, api, pass } = await startLimited();
  const chats = Array.from({ length: 31 }, () => telegram.addChat({ type: 'group' }));
  for (const chat of chats.slice(1)) await api.sendMessage(chat, 'all');
  expect((await refusalOf(api.sendMessage(chats[0]!, 'x'))).parameters).toEqual({ retry_after: 1 });
  pass(1_000);
  await api.sendMessage(chats[0]!, 'x');
});

test('limits can be one’s own, and there are none unless asked for', async () => {
  const own = await startLimited({ perGroupPerMinute: 2 });
  await own.api.sendMessage(own.chat, 'one');
  await own.api.sendMessage(own.chat, 'two');
  expect((await refusalOf(own.api.sendMessage(own.chat, 'x'))).parameters).toEqual({ retry_after: 60 });
  const none = await startLimited(false);
  for (let count = 0; count < 40; count++) await none.api.sendMessage(none.chat, 'x');
  expect(none.telegram.limitsExceeded).toBe(0);
});
