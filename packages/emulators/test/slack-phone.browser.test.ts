import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { sampleFile } from '../src/shared-file.js';
import { chromiumForAll } from './browser.js';
import { startSlack } from './slack.js';
import { violationsOn } from './violations.js';

const browser = chromiumForAll();

/** A phone on which a conversation with one message waits. */
async function startPhone(query = '', colorScheme: 'light' | 'dark' = 'light') {
  const { slack, web, channel, ada } = await startSlack();
  const { ts = '' } = await web.chat.postMessage({ channel, text: 'Visitor ab12' });
  await web.chat.postMessage({ channel, thread_ts: ts, text: 'Do you ship to Portugal?' });
  const context = await browser().newContext({
    viewport: { width: 360, height: 720 },
    colorScheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(slack.phoneUrl + query);
  await page.getByTestId('thread-open').first().waitFor();
  const done = async () => {
    await context.close();
    expect(complaints).toEqual([]);
  };
  const thread = page.getByTestId('conversation');
  return { slack, web, channel, ada, ts, page, thread, done };
}

/** Opens the menu of a message that is shown. */
async function choose(page: Page, words: string, item: string) {
  const message = page.getByTestId('conversation').getByTestId('phone-message').filter({ hasText: words });
  await message.hover();
  await message.getByTestId('phone-message-menu').click();
  await page.getByTestId(`menu-${item}`).click();
}

describe('the Slack phone', () => {
  test('answers in a thread, edits, reacts and deletes', async () => {
    const { slack, ts, page, thread, done } = await startPhone('?as=Bea');
    await expect.poll(() => page.getByTestId('thread-unread').textContent()).toBe('1 new');
    await page.getByTestId('thread-open').click();
    await thread.getByText('Do you ship to Portugal?').waitFor();
    await thread.getByTestId('phone-composer').fill('Yes <b>we</b> do');
    await thread.getByTestId('phone-composer').press('Enter');
    const typed = await slack.waitForMessage(({ text }) => text === 'Yes <b>we</b> do');
    expect(typed).toMatchObject({ threadTs: ts, from: { name: 'Bea', isBot: false } });
    await choose(page, 'Yes <b>we</b> do', 'edit');
    await thread.getByTestId('phone-composer').fill('Yes, we do');
    await thread.getByTestId('phone-send').click();
    await thread.getByTestId('phone-edited').waitFor();
    await choose(page, 'Yes, we do', 'react');
    await thread.getByTestId('phone-reaction').waitFor();
    expect(slack.message(typed.ts)).toMatchObject({
      text: 'Yes, we do',
      edited: true,
      reactions: [{ name: '+1' }],
    });
    await choose(page, 'Yes, we do', 'delete');
    await expect.poll(() => thread.getByText('Yes, we do').count()).toBe(0);
    await page.getByTestId('phone-back').click();
    await expect.poll(() => page.getByTestId('thread-unread').count()).toBe(0);
    await done();
  });

  test('mentions the bot by a tap, and shows what happens meanwhile', async () => {
    const { slack, web, channel, ts, thread, done } = await startPhone('?open=latest');
    await thread.getByTestId('phone-composer').pressSequentially('@Po');
    await thread.getByTestId('phone-mention').click();
    await thread.getByTestId('phone-composer').pressSequentially('status');
    await thread.getByTestId('phone-composer').press('Enter');
    const typed = await slack.waitForMessage(({ markup }) => markup === `<@${slack.botUserId}> status`);
    expect(typed.threadTs).toBe(ts);
    await web.chat.postMessage({ channel, thread_ts: ts, text: 'Everybody is away' });
    await thread.getByText('Everybody is away').waitFor();
    const [picture, text] = ['photo.png', 'prices.txt'].map((name) => ({
      name,
      mimeType: name.endsWith('png') ? 'image/png' : 'text/plain',
      buffer: Buffer.from(sampleFile(name).bytes),
    }));
    await thread.getByTestId('phone-file-input').setInputFiles([picture, text] as never);
    await thread.getByTestId('phone-picture').waitFor();
    await thread.getByTestId('phone-file').getByText('prices.txt').waitFor();
    await done();
  });

  test('writes in the channel, and says when that is archived', async () => {
    const { slack, page, done } = await startPhone();
    const composer = page.getByLabel('Message the channel');
    await composer.fill('lunch?');
    await composer.press('Enter');
    await slack.waitForMessage(({ text, threadTs }) => text === 'lunch?' && threadTs === undefined);
    slack.archive();
    await expect.poll(() => composer.isDisabled()).toBe(true);
    await done();
  });

  test('shows what strangers write as text only', async () => {
    const { web, channel, ts, page, thread, done } = await startPhone('?open=latest');
    const evil = '<img src=x onerror="document.title=1"> <!channel> *b*';
    const element = { type: 'text', text: evil };
    await web.chat.postMessage({
      channel,
      thread_ts: ts,
      text: 'x',
      blocks: [
        { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [element] }] } as never,
      ],
    });
    await thread.getByText(evil).waitFor();
    expect([await page.locator('img').count(), await page.title()]).toEqual([0, 'Team phone']);
    await done();
  });

  test.each(['light', 'dark'] as const)('bars nobody, in %s', async (scheme) => {
    const { slack, ada, ts, page, thread, done } = await startPhone('', scheme);
    ada.react(ada.type(ts, '@PocketPing look https://a.example @here 👋').ts, 'eyes');
    ada.share(ts, 'photo.png');
    slack.operator({ name: 'Alex' }).delete(ts);
    await page.getByText('This message was deleted.').first().waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.getByTestId('thread-open').click();
    await thread.getByAltText('photo.png').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await done();
  });
});
