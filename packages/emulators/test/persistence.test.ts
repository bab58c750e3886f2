import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { TelegramEmulator } from '../src/index.js';
import { startTelegram } from './telegram.js';

let folder: string;
const folders: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emulator-'));
  folders.push(folder);
});
// Not before every emulator is closed: closing writes the file.
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});

test('everything is there again after a restart, and ids go on', async () => {
  const file = join(folder, 'deep', 'telegram.json');
  const before = await startTelegram({ file });
  const { message_thread_id: topic } = await before.api.createForumTopic(before.chat, 'Ada');
  await before.api.setMyCommands([{ command: 'close', description: 'Close' }]);
  const ada = before.telegram.operator({ name: 'Ada' });
  const bytes = Buffer.from('a file');
  const sent = ada.sendFile(topic, { name: 'notes.txt', bytes });
  const typed = ada.type(topic, 'still here?');
  await before.telegram.close();

  const after = await startTelegram({ file });
  expect(after.telegram.botToken).toBe(before.telegram.botToken);
  expect(after.telegram.forumChatId).toBe(before.chat);
  expect(after.telegram.topics()).toEqual(before.telegram.topics());
  expect(after.telegram.messages(topic)).toEqual(before.telegram.messages(topic));
  expect(after.telegram.fileBytes(sent.file?.id ?? '')).toEqual(bytes);
  expect(after.telegram.operator({ name: 'Ada' }).user).toEqual(ada.user);
  expect(await after.api.getMyCommands()).toHaveLength(1);
  const updates = await after.api.getUpdates();
  expect(updates.at(-1)?.message?.text).toBe('still here?');
  const next = after.telegram.operator({ name: 'Ada' }).type(topic, 'yes');
  expect(next.id).toBeGreaterThan(typed.id);
  expect((await after.api.getUpdates()).at(-1)!.update_id).toBeGreaterThan(updates.at(-1)!.update_id);
});

test('the file follows a change without being asked', async () => {
  const file = join(folder, 'telegram.json');
  const { telegram } = await startTelegram({ file });
  telegram.operator({ name: 'Ada' }).typeInGeneral('written soon');
  await expect.poll(() => readFileSync(file, 'utf8'), { interval: 5 }).toContain('written soon');
});

test('another bot or group starts anew', async () => {
  const file = join(folder, 'telegram.json');
  const { telegram } = await startTelegram({ file });
  telegram.operator({ name: 'Ada' }).typeInGeneral('old');
  await telegram.close();
  const other = await startTelegram({ file, botToken: '4711:other' });
  expect(other.telegram.messages(1)).toEqual([]);
  await other.api.getMe();
});

test('a file of another kind is refused, not overwritten', async () => {
  const file = join(folder, 'notes.json');
  writeFileSync(file, '{"mine":true}');
  await expect(TelegramEmulator.start({ file })).rejects.toThrow('does not hold');
  expect(readFileSync(file, 'utf8')).toBe('{"mine":true}');
  writeFileSync(file, '{"broken');
  await expect(TelegramEmulator.start({ file })).rejects.toThrow(`${file} is damaged`);
});

test('further chats, the webhook and privacy mode are kept too', async () => {
  const file = join(folder, 'telegram.json');
  const before = await startTelegram({ file, privacy: false, webhookFetch: async () => Response.error() });
  const group = before.telegram.addChat({ type: 'group', title: 'Small' });
  before.telegram.operator({ name: 'Ada' }).in(group).say('kept');
  const supergroup = before.telegram.migrate(group);
  await before.api.setWebhook('http://localhost:9/hook', { secret_token: 'kept' });
  await before.telegram.close();

  const secrets: unknown[] = [];
  const after = await startTelegram({
    file,
    webhookFetch: async (_url, init) => {
      secrets.push(new Headers(init.headers).get('x-telegram-bot-api-secret-token'));
      return new Response();
    },
  });
  expect(after.telegram.addChat({ type: 'group', id: group })).toBe(group);
  expect(after.telegram.chat(group).messages()).toEqual(before.telegram.chat(group).messages());
  expect(after.telegram.chat(supergroup).messages()).toHaveLength(1);
  expect((await after.api.getMe()).can_read_all_group_messages).toBe(true);
  await expect.poll(() => secrets, { interval: 5 }).toEqual(['kept', 'kept', 'kept']);
});

test('a file of the first version is taken over', async () => {
  const file = join(folder, 'telegram.json');
  writeFileSync(file, JSON.stringify(firstVersion));
  const { telegram, api, chat } = await startTelegram({ file });
  expect([telegram.botToken, chat]).toEqual(['42:AAold', '-1001234567890']);
  expect(telegram.topics()).toMatchObject([{ id: 2, title: 'Ada' }]);
  expect(telegram.messages(2).map(({ text }) => text)).toEqual(['Ada created the topic “Ada”', 'old']);
  expect(await api.getChatAdministrators(chat)).toHaveLength(2);
  expect(await api.getUpdates()).toHaveLength(1);
  expect(telegram.operator({ name: 'Ada' }).type(2, 'new').id).toBeGreaterThan(3);
});

const map = (entries: readonly (readonly [unknown, unknown])[]) => ({ $map: entries });
const oldBot = { id: 42, is_bot: true, first_name: 'PocketPing', username: 'pocketping_bot' };
const topic = { iconColor: 7322096, creatorId: 42, date: 1, closed: false, deleted: false };
const created = { type: 'topic_created', name: 'Ada', iconColor: 7322096 };
const words = { type: 'text', text: 'old', entities: [] };
const firstVersion = {
  version: 1,
  botToken: '42:AAold',
  chat: { id: -1001234567890, title: 'Support team' },
  bot: oldBot,
  membership: { status: 'administrator', can_manage_topics: true, can_delete_messages: true },
  nextMessageId: 4,
  nextUserId: 8,
  nextUpdateId: 10,
  allowedUpdates: [],
  users: map([
    [42, oldBot],
    [7, { id: 7, is_bot: false, first_name: 'Ada' }],
  ]),
  topics: map([
    [1, { ...topic, id: 1, name: 'General' }],
    [2, { ...topic, id: 2, name: 'Ada' }],
  ]),
  messages: map([
    [2, { id: 2, topicId: 2, fromId: 7, date: 1, content: created }],
    [3, { id: 3, topicId: 2, fromId: 7, date: 1, content: words }],
  ]),
  updates: [{ at: Date.now(), update: { update_id: 9 } }],
  commands: map([]),
  reads: map([]),
};
