import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TelegramEmulator } from '../src/index.js';
import { startTelegram } from './telegram.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emulator-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('everything is there again after a restart, and ids go on', async () => {
  const file = join(folder, 'deep', 'telegram.json');
  const before = await startTelegram({ file });
  const { message_thread_id: topic } = await before.api.createForumTopic(before.chat, 'Ada');
  await before.api.setMyCommands([{ command: 'close', description: 'Close' }]);
  const ada = before.telegram.operator({ name: 'Ada' });
  const typed = ada.type(topic, 'still here?');
  await before.telegram.close();

  const after = await startTelegram({ file });
  expect(after.telegram.botToken).toBe(before.telegram.botToken);
  expect(after.telegram.forumChatId).toBe(before.chat);
  expect(after.telegram.topics()).toEqual(before.telegram.topics());
  expect(after.telegram.messages(topic)).toEqual(before.telegram.messages(topic));
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
});
