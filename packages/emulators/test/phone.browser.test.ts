import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputFile } from 'grammy';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumForAll } from './browser.js';
import { startTelegram } from './telegram.js';
import { violationsOn } from './violations.js';

/** As PNG. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';

const browser = chromiumForAll();

interface PhoneOptions {
  readonly query?: string;
  readonly scheme?: 'light' | 'dark';
  readonly file?: string;
}

/** A phone on which a topic with one message waits. */
async function startPhone({ query = '', scheme = 'light', file }: PhoneOptions = {}) {
  const { telegram, api, chat } = await startTelegram({ file });
  const { message_thread_id: topic } = await api.createForumTopic(chat, 'Ada · Berlin');
  await api.sendMessage(chat, 'Do you ship to Portugal?', { message_thread_id: topic });
  const { page, done } = await openPage(telegram.phoneUrl + query, scheme);
  await page.getByTestId('topic-item').first().waitFor();
  return { telegram, api, chat, topic, page, done };
}

/** A page of a phone's size; what it complains of fails the test. */
async function openPage(address: string, colorScheme: 'light' | 'dark' = 'light') {
  const context = await browser().newContext({ viewport: { width: 360, height: 720 }, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(address);
  const done = async () => {
    await context.close();
    expect(complaints).toEqual([]);
  };
  return { page, done };
}

const openTopic = async (page: Page, topic: number) => {
  await page.locator(`[data-topic="${topic}"] button`).click();
  await page.getByTestId('phone-message').first().waitFor();
};

describe('the list', () => {
  test('shows the newest topic first, with its last words and what is unread', async () => {
    const { api, chat, page, topic, done } = await startPhone();
    const item = page.getByTestId('topic-item').first();
    await item.getByText('PocketPing: Do you ship to Portugal?').waitFor();
    expect(await item.getByTestId('topic-unread').textContent()).toBe('1');
    const { message_thread_id: second } = await api.createForumTopic(chat, 'Bob');
    await api.sendMessage(chat, 'me first', { message_thread_id: second });
    await page.locator(`[data-testid=topic-item]:first-child[data-topic="${second}"]`).waitFor();
    await api.sendMessage(chat, 'no, me', { message_thread_id: topic });
    await page.locator(`[data-testid=topic-item]:first-child[data-topic="${topic}"]`).waitFor();
    expect(await page.getByTestId('conversation').getAttribute('inert')).toBe('');
    await done();
  });

  test('opens the newest topic by itself when asked to', async () => {
    const { page, done } = await startPhone({ query: '?open=latest' });
    await page.getByTestId('phone-message').getByText('Do you ship').waitFor();
    await page.getByTestId('topic-unread').waitFor({ state: 'detached' });
    await done();
  });
});

describe('a chat without topics', () => {
  test('is one conversation, open from the start, answered by replying', async () => {
    const { telegram, api } = await startTelegram();
    const group = telegram.addChat({ type: 'group', title: 'Small team' });
    const asked = await api.sendMessage(group, 'Do you ship to Portugal?');
    const { page, done } = await openPage(`${telegram.phoneUrl}?chat=${group}`);
    await page.getByTestId('phone-message').getByText('Do you ship').waitFor();
    expect(await page.getByTestId('topic-title').textContent()).toBe('Small team');
    expect(await page.getByTestId('phone-back').isVisible()).toBe(false);
    expect(await page.getByTestId('topic-list').isVisible()).toBe(false);
    await page.getByTestId('phone-message').getByText('Do you ship').click({ button: 'right' });
    await page.getByTestId('menu-reply').click();
    await page.getByTestId('phone-composer').fill('We do');
    await page.keyboard.press('Enter');
    const answer = await telegram.chat(group).waitForMessage((message) => message.text === 'We do');
    expect(answer.replyTo?.id).toBe(asked.message_id);
    await page.keyboard.press('Escape');
    await api.sendMessage(group, 'Thank you!');
    await page.getByTestId('phone-message').getByText('Thank you!').waitFor();
    expect(telegram.messages(1)).toEqual([]);
    expect(await violationsOn(page)).toEqual([]);
    await done();
  });
});

describe('a conversation', () => {
  test('shows pictures, and other files by their name, and sends what is chosen', async () => {
    const { telegram, api, chat, page, topic, done } = await startPhone();
    const at = { message_thread_id: topic };
    const picture = Buffer.from(PIXEL, 'base64');
    await api.sendPhoto(chat, new InputFile(picture, 'a.png'), { ...at, caption: 'Look' });
    await api.sendDocument(chat, new InputFile(Buffer.from('<script>'), 'report.html'), at);
    await page.getByText('📎 report.html').waitFor();
    await openTopic(page, topic);
    const image = page.getByTestId('phone-picture').getByRole('img');
    await image.waitFor();
    const width = () =>
      image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth);
    await expect.poll(width).toBe(1);
    const file = page.getByTestId('phone-file');
    expect(await file.textContent()).toBe('report.html8 bytes');
    const [saved] = await Promise.all([page.waitForEvent('download'), file.click()]);
    expect(saved.suggestedFilename()).toBe('report.html');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByTestId('phone-attach').click(),
    ]);
    await chooser.setFiles([
      { name: 'b.png', mimeType: 'image/png', buffer: picture },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') },
    ]);
    const sent = await telegram.waitForMessage((message) => message.file?.name === 'notes.txt');
    expect(Buffer.from(telegram.fileBytes(sent.file?.id ?? '')).toString()).toBe('hello');
    expect(telegram.messages(topic).map(({ type }) => type)).toEqual([
      'topic_created',
      'text',
      'photo',
      'document',
      'photo',
      'document',
    ]);
    await page.locator('[data-own=true] [data-testid=phone-file]').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await done();
  });

  test('is answered, edited and deleted from the phone', async () => {
    const { telegram, api, page, topic, done } = await startPhone();
    await openTopic(page, topic);
    await page.getByTestId('phone-composer').fill('Yes');
    await page.keyboard.press('Enter');
    const own = page.locator('[data-own=true]');
    await own.getByText('Yes').waitFor();
    const heard = await api.getUpdates();
    expect(heard.at(-1)?.message).toMatchObject({
      text: 'Yes',
      message_thread_id: topic,
      from: { first_name: 'Alex' },
    });

    await own.locator('.bubble').click({ button: 'right' });
    await page.getByTestId('menu-edit').click();
    await page.getByTestId('phone-composer').fill('Yes, in three days');
    await page.getByTestId('phone-send').click();
    await own.getByTestId('phone-edited').waitFor();
    expect((await api.getUpdates()).at(-1)?.edited_message?.text).toBe('Yes, in three days');

    await own.locator('.bubble').hover();
    await own.getByTestId('phone-message-menu').click();
    await page.getByTestId('menu-delete').click();
    await own.waitFor({ state: 'detached' });
    expect(telegram.messages(topic).map((message) => message.text)).not.toContain('Yes, in three days');
    await done();
  });

  test('replies quote what they answer, both ways', async () => {
    const { telegram, api, chat, page, topic, done } = await startPhone();
    await openTopic(page, topic);
    await page.getByTestId('phone-message').locator('.bubble').click({ button: 'right' });
    await page.getByTestId('menu-reply').click();
    await page.getByTestId('phone-context').getByText('Reply to PocketPing').waitFor();
    await page.keyboard.type('We do');
    await page.keyboard.press('Enter');
    await page.locator('[data-own=true]').getByTestId('phone-quote').getByText('Do you ship').waitFor();
    const mine = await telegram.waitForMessage((message) => message.text === 'We do');
    await api.sendMessage(chat, 'Wonderful', {
      message_thread_id: topic,
      reply_parameters: { message_id: mine.id },
    });
    await page.getByTestId('phone-quote').getByText('We do').waitFor();
    await done();
  });

  test('offers the bot’s commands, by keyboard', async () => {
    const { telegram, api, page, topic, done } = await startPhone();
    await api.setMyCommands([
      { command: 'online', description: 'Show the team as online' },
      { command: 'close', description: 'Close the conversation' },
    ]);
    await openTopic(page, topic);
    await page.getByTestId('phone-composer').pressSequentially('/');
    await page.getByTestId('phone-command').nth(1).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    expect(await page.getByTestId('phone-composer').inputValue()).toBe('/close ');
    await page.keyboard.press('Enter');
    expect(await telegram.waitForMessage((message) => message.text === '/close')).toMatchObject({
      entities: [{ type: 'bot_command' }],
    });
    await done();
  });

  test('shows typing, closing, reopening and the end of the topic', async () => {
    const { api, chat, page, topic, done } = await startPhone();
    await openTopic(page, topic);
    await api.sendChatAction(chat, 'typing', { message_thread_id: topic });
    await page.getByTestId('topic-status').getByText('PocketPing is typing').waitFor();
    await page.getByTestId('topic-menu').click();
    await page.getByTestId('menu-close').click();
    await page.getByTestId('topic-closed').waitFor();
    await page.getByTestId('phone-service').getByText('Alex closed the topic').waitFor();
    await page.getByTestId('topic-reopen').click();
    await page.getByTestId('topic-closed').waitFor({ state: 'hidden' });
    await api.deleteForumTopic(chat, topic);
    await page.getByText('The topic was deleted').waitFor();
    await page.locator(`[data-topic="${topic}"]`).waitFor({ state: 'detached' });
    await done();
  });

  test('shows entities as formatting and hostile words as words', async () => {
    const { api, chat, page, topic, done } = await startPhone();
    const hostile = '<img src=x onerror="document.title=1">';
    await openTopic(page, topic);
    await api.sendMessage(chat, hostile, { message_thread_id: topic });
    await api.editForumTopic(chat, topic, { name: hostile });
    await api.sendMessage(
      chat,
      '<b>bold <i>both</i></b> <a href="https://example.com/">link</a> <a href="tg://user?id=1">no link</a>',
      {
        message_thread_id: topic,
        parse_mode: 'HTML',
      },
    );
    const last = page.getByTestId('phone-message-text').last();
    await last.locator('strong > em').getByText('both').waitFor();
    expect(
      await last.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
    ).toEqual(['https://example.com/']);
    expect(await page.getByTestId('topic-title').textContent()).toBe(hostile);
    expect(await page.locator('img').count()).toBe(0);
    await done();
  });

  test('keeps what was typed when it cannot be sent', async () => {
    const { telegram, page, topic } = await startPhone();
    await openTopic(page, topic);
    await page.route('**/phone/type**', (route) =>
      route.fulfill({ status: 400, json: { error: 'not today' } }),
    );
    await page.getByTestId('phone-composer').fill('precious');
    await page.getByTestId('phone-send').click();
    await page.getByText('not today').waitFor();
    expect(await page.getByTestId('phone-composer').inputValue()).toBe('precious');
    await page.unroute('**/phone/type**');
    await page.getByTestId('phone-send').click();
    await telegram.waitForMessage((message) => message.text === 'precious');
    await page.context().close();
  });

  test('goes on after the emulator was restarted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'phone-'));
    const file = join(folder, 'telegram.json');
    const { telegram, page, topic } = await startPhone({ file });
    await openTopic(page, topic);
    await page.getByTestId('phone-message').getByText('Do you ship').waitFor();
    await telegram.close();
    await page.getByTestId('topic-status').getByText('Connecting…').waitFor();
    const { telegram: again } = await startTelegram({ file, port: Number(new URL(telegram.apiRoot).port) });
    again.operator({ name: 'Bea' }).type(topic, 'We are back');
    await page.getByTestId('phone-message').getByText('We are back').waitFor();
    await page.getByTestId('topic-status').getByText('Support team').waitFor();
    await page.context().close();
    await again.close();
    rmSync(folder, { recursive: true });
  });
});

test.each(['light', 'dark'] as const)('nothing in the %s page bars anyone', async (scheme) => {
  const { api, chat, page, topic, done } = await startPhone({ scheme });
  expect(await violationsOn(page)).toEqual([]);
  await openTopic(page, topic);
  await api.setMyCommands([{ command: 'close', description: 'Close the conversation' }]);
  await api.closeForumTopic(chat, topic);
  await page.getByTestId('phone-composer').fill('/');
  await page.getByTestId('phone-command').waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await done();
});
