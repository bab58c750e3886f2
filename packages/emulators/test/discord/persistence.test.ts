import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { DiscordEmulator } from '../../src/index.js';
import { startDiscord } from './discord.js';

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
  const file = join(folder, 'deep', 'discord.json');
  const { discord: before } = await startDiscord({ file, title: 'Lumen & Oak' });
  const ada = before.operator('Ada');
  const thread = ada.createThread(before.channelId, 'A visitor');
  const first = ada.type(thread.id, 'stil here?');
  ada.edit(first.id, 'still here?');
  ada.react(first.id, '👀');
  ada.delete(ada.type(thread.id, 'never mind').id);
  const typed = ada.type(thread.id, 'yes', { replyTo: first.id });
  ada.archive(thread.id);
  const webhook = before.addWebhook();
  await before.close();

  const { discord: after, ask } = await startDiscord({ file });
  expect([after.botToken, after.botId]).toEqual([before.botToken, before.botId]);
  expect([after.channelId, after.guildId]).toEqual([before.channelId, before.guildId]);
  expect(after.threads()).toEqual(before.threads());
  expect(after.threads()).toMatchObject([{ title: 'A visitor', archived: true }]);
  expect(after.messages(thread.id)).toEqual(before.messages(thread.id));
  expect(after.messages(thread.id).map(({ text }) => text)).toEqual(['still here?', 'yes']);
  expect(after.operator('Ada').id).toBe(ada.id);
  expect(await (await ask('GET', `/guilds/${after.guildId}`)).json()).toMatchObject({ name: 'Lumen & Oak' });
  const posted = await fetch(`${after.apiRoot}/v10${new URL(webhook).pathname.replace('/api', '')}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content: 'kept' }),
  });
  expect(posted.ok).toBe(true);
  const next = after.operator('Ada').type(thread.id, 'and on');
  expect(BigInt(next.id)).toBeGreaterThan(BigInt(typed.id));
});

test('a nonce is known again, so that a post whose answer was lost is not made twice', async () => {
  const file = join(folder, 'discord.json');
  const post = { content: 'once', nonce: 'abc', enforce_nonce: true };
  const ids: unknown[] = [];
  for (const _ of ['before', 'after']) {
    const { discord, ask } = await startDiscord({ file });
    const answer = await ask('POST', `/channels/${discord.channelId}/messages`, post);
    ids.push(((await answer.json()) as { id: string }).id);
    await discord.close();
  }
  expect(ids[1]).toBe(ids[0]);
});

test('the file follows a change without being asked', async () => {
  const file = join(folder, 'discord.json');
  const { discord } = await startDiscord({ file });
  discord.operator('Ada').type(discord.channelId, 'written soon');
  await expect.poll(() => readFileSync(file, 'utf8'), { interval: 5 }).toContain('written soon');
});

test('ids of the last moments, which a kill keeps from the file, are not used again', async () => {
  const file = join(folder, 'discord.json');
  const clock = { now: () => 1_700_000_000_000 };
  const { discord } = await startDiscord({ file, clock });
  await expect.poll(() => existsSync(file), { interval: 5 }).toBe(true);
  const asKilled = join(folder, 'as-killed.json');
  copyFileSync(file, asKilled);
  const lost = discord.operator('Ada').type(discord.channelId, 'lost');
  const { discord: after } = await startDiscord({ file: asKilled, clock });
  const next = after.operator('Ada').type(after.channelId, 'next');
  expect(BigInt(next.id)).toBeGreaterThan(BigInt(lost.id));
  expect(after.messages(after.channelId).map(({ text }) => text)).toEqual(['next']);
});

test('an open phone knows its messages by the same numbers', async () => {
  const file = join(folder, 'discord.json');
  const numbers: unknown[] = [];
  for (const text of ['first', 'second']) {
    const { discord } = await startDiscord({ file });
    discord.operator('Bea').type(discord.channelId, text);
    const shown = await fetch(`${discord.phoneUrl}/messages?topic=1`);
    const { messages } = (await shown.json()) as { messages: { id: number; text: string }[] };
    numbers.push(messages.find((message) => message.text === 'first')?.id);
    expect(messages.map((message) => message.text)).toContain(text);
    await discord.close();
  }
  expect(numbers[0]).toEqual(expect.any(Number));
  expect(numbers[1]).toBe(numbers[0]);
});

test.each([
  ['another bot', { botToken: 'bm90aGVy.AAAA.AAAA' }],
  ['another kind of channel', { channel: 'forum' as const }],
])('%s starts anew', async (_, options) => {
  const file = join(folder, 'discord.json');
  const { discord } = await startDiscord({ file });
  discord.operator('Ada').createThread(discord.channelId, 'old');
  await discord.close();
  const { discord: other } = await startDiscord({ file, ...options });
  expect(other.threads()).toEqual([]);
});

test('a file of another kind is refused, not overwritten', async () => {
  const file = join(folder, 'notes.json');
  writeFileSync(file, '{"mine":true}');
  await expect(DiscordEmulator.start({ file })).rejects.toThrow('does not hold');
  expect(readFileSync(file, 'utf8')).toBe('{"mine":true}');
});
