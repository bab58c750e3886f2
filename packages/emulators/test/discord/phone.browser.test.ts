import { describe, expect, test } from 'vitest';
import { sampleFile } from '../../src/shared-file.js';
import { chromiumForAll } from '../browser.js';
import { violationsOn } from '../violations.js';
import { startDiscord } from './discord.js';

const browser = chromiumForAll();

/** A phone on which a thread with a card and a message waits; what the page complains of fails the test. */
const startPhone = async (colorScheme: 'light' | 'dark' = 'dark') => {
  const { discord, ask } = await startDiscord();
  const thread = discord.otherBot('PocketPing').createThread(discord.channelId, 'Ada · /pricing');
  const embed = { description: '**Ada** \\*L\\*', color: 0x3498db, footer: { text: 'sess_1' } };
  await ask('POST', `/channels/${thread.id}/messages`, { embeds: [embed] });
  await ask('POST', `/channels/${thread.id}/messages`, { content: 'Do you ship to <https://pt.example>?' });
  const context = await browser().newContext({ viewport: { width: 360, height: 720 }, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(discord.phoneUrl);
  await page.getByTestId('topic-item').getByText('Ada · /pricing').click();
  await page.getByTestId('phone-message').first().waitFor();
  const done = async () => {
    await context.close();
    expect(complaints).toEqual([]);
  };
  return { discord, ask, thread, page, done };
};

describe('the phone with Discord on it', () => {
  test('sends files, and shows pictures as such and everything else by its name', async () => {
    const { discord, thread, page, done } = await startPhone();
    const chosen = ['photo.png', 'prices.txt'].map((name) => ({
      name,
      mimeType: name.endsWith('png') ? 'image/png' : 'text/plain',
      buffer: Buffer.from(sampleFile(name).bytes),
    }));
    const picker = page.waitForEvent('filechooser');
    await page.getByTestId('phone-attach').click();
    await (await picker).setFiles(chosen);
    const picture = page.getByTestId('phone-picture').getByRole('img');
    await picture.waitFor();
    await expect
      .poll(() => picture.evaluate((image) => (image as { naturalWidth?: number }).naturalWidth))
      .toBe(96);
    expect(await page.getByTestId('phone-file').textContent()).toContain('prices.txt');
    const sent = discord.messages(thread.id).flatMap(({ files }) => files.map(({ name }) => name));
    expect(sent).toEqual(['photo.png', 'prices.txt']);
    expect(await violationsOn(page)).toEqual([]);
    await done();
  });

  test('shows cards, and a thread is answered, edited and deleted from it', async () => {
    const { discord, thread, page, done } = await startPhone();
    expect(await page.getByTestId('phone-embed').textContent()).toContain('Ada *L*');
    expect(await page.getByTestId('phone-message').locator('a').getAttribute('href')).toBe(
      'https://pt.example',
    );
    await page.getByTestId('phone-message').getByText('Do you ship').click({ button: 'right' });
    await page.getByTestId('menu-reply').click();
    await page.getByTestId('phone-composer').fill('We do');
    await page.keyboard.press('Enter');
    const answer = await discord.waitForMessage(({ text }) => text === 'We do');
    expect(answer.replyTo?.text).toBe('Do you ship to https://pt.example?');
    const own = page.locator('[data-own=true]');
    await own.getByText('We do').click({ button: 'right' });
    await page.getByTestId('menu-edit').click();
    await page.getByTestId('phone-composer').fill('We do, yes');
    await page.keyboard.press('Enter');
    await discord.waitForMessage(({ id, text }) => id === answer.id && text === 'We do, yes');
    await own.getByText('We do, yes').click({ button: 'right' });
    await page.getByTestId('menu-delete').click();
    await own.waitFor({ state: 'detached' });
    expect(discord.messages(thread.id)).toHaveLength(2);
    await done();
  });

  test('archives a thread, and brings it back', async () => {
    const { discord, thread, page, done } = await startPhone();
    await page.getByTestId('topic-menu').click();
    await page.getByTestId('menu-close').click();
    await page.getByTestId('topic-closed').getByText('Thread archived').waitFor();
    expect(discord.thread(thread.id)?.archived).toBe(true);
    await page.getByTestId('topic-reopen').click();
    await page.getByTestId('topic-closed').waitFor({ state: 'hidden' });
    await done();
  });

  test.each(['light', 'dark'] as const)('bars nobody: %s', async (scheme) => {
    const { page, done } = await startPhone(scheme);
    expect(await violationsOn(page)).toEqual([]);
    await page.getByTestId('phone-back').click();
    await page.waitForTimeout(400);
    expect(await violationsOn(page)).toEqual([]);
    await done();
  });
});
