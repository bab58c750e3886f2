import { describe, expect, it, onTestFinished } from 'vitest';
import { startPlayground } from '../src/playground.js';
import { settingsFrom } from '../src/settings.js';
import { complaintsOf, finish, frames, picture, widgetIn, withBrowser } from './browser.js';
import { folder } from './process.js';

const browser = withBrowser();

/** A playground in this process, so that the site's own code can be this test's, and a page of it. */
const visit = async (path: string) => {
  const files = folder();
  const env = { PORT: '0', POCKETPING_DB: files.database };
  const playground = await startPlayground(settingsFrom(env, files.path, files.path));
  onTestFinished(async () => {
    await playground.close();
    files.remove();
  });
  const context = await browser().newContext({
    viewport: { width: 1920, height: 1000 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(playground.url + path);
  return { ...playground, context, page, complaints };
};

describe('what happens in the shop', () => {
  it('comes to the phones, and what the shop answers comes to the visitor', async () => {
    const { page, context, complaints } = await visit('/');
    const shop = page.frameLocator('.browser iframe');
    const { widget, phones } = frames(page);
    await shop.getByRole('link', { name: '€ 189' }).click();
    await widget.sees('Anything you would like to know before it ships?');
    await widget.write('Does it dim?');
    for (const phone of Object.values(phones)) {
      await phone.sees('Does it dim?');
      await phone.by('conversation').getByText('clicked_buy').first().waitFor();
    }
    await widget.by('pp-close').click();
    await shop.getByRole('link', { name: 'Spare parts' }).click();
    await widget.by('pp-notification').getByText('All 23 are in stock').waitFor();
    await picture(page, 'events-1-notification');
    await finish(context, complaints);
  });
});

describe('what the site tells', () => {
  it('reaches who comes back in time, once, and nobody afterwards', async () => {
    const { page, context, complaints, pp, url } = await visit('/shop');
    const widget = widgetIn(page);
    await widget.open();
    await widget.write('Hello');
    await widget.sees('Hello', 'delivered');
    const [session] = await pp.getSessions();
    const notify = (title: string, ttlSeconds: number) =>
      pp.emitEvent(session!.id, 'notification', { title }, { ttlSeconds });

    await context.setOffline(true);
    await notify('too late', 1);
    await notify('in time', 60);
    await page.waitForTimeout(1_500);
    await context.setOffline(false);
    await widget.by('pp-notification').getByText('in time').waitFor();

    await page.goto('about:blank');
    await notify('gone by then', 1);
    await notify('while away', 60);
    await page.waitForTimeout(1_500);
    await page.goto(`${url}/shop`);
    await widget.by('pp-notification').getByText('while away').waitFor();
    await pp.broadcastEvent('notification', { title: 'to everybody' });
    await widget.by('pp-notification').getByText('to everybody').waitFor();
    expect(await widget.by('pp-notification').allInnerTexts()).toEqual(['while away', 'to everybody']);
    await page.reload();
    await expect
      .poll(async () => {
        await pp.broadcastEvent('open_chat');
        return widget.by('pp-window').count();
      })
      .toBe(1);
    expect(await widget.by('pp-notification').count()).toBe(0);
    expect(complaints.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
    await context.close();
  });
});
