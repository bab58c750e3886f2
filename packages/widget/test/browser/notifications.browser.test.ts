import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { checkWith } from './check.js';
import { trigger } from './page-api.js';
import { openChat, part, site } from './site.js';

const world = site();
const check = checkWith(world);
const team = () => world.team();

async function shop(options: Parameters<typeof world.visitor>[0] = {}): Promise<Page> {
  const page = await world.shop(await world.visitor(options), { title: 'Lamp desk', operatorName: 'Ada' });
  await trigger(page, 'arrived');
  await expect.poll(() => world.server.followers).toBe(1);
  return page;
}

const notify = (data: Record<string, string>) => team().emit(team().latest, 'notification', data);
const feature = { title: 'New feature!', message: 'Check out our new dashboard.' };
const long = {
  message: `A longer one, without a title: shipping is free until Sunday, see https://lamps.example/shipping?from=chat for where. ${'x'.repeat(60)}`,
};

for (const colorScheme of ['light', 'dark'] as const) {
  it(`shows what the site has to say, beside the launcher and in the window (${colorScheme})`, async () => {
    const page = await shop({ colorScheme });
    notify(feature);
    await part(page, 'notification').waitFor();
    await check(page, `${colorScheme}-41-notification`);
    notify(long);
    await expect.poll(() => part(page, 'notification').count()).toBe(2);
    await check(page, `${colorScheme}-42-two`);
    await openChat(page);
    expect(await part(page, 'notification').count()).toBe(2);
    await check(page, `${colorScheme}-43-in-the-window`);
    await part(page, 'dismiss').first().click();
    await part(page, 'dismiss').click();
    await part(page, 'notification').waitFor({ state: 'detached' });
  });
}

it('fits a phone', async () => {
  const page = await shop({
    viewport: { width: 390, height: 780 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
  });
  notify(feature);
  notify(long);
  await expect.poll(() => part(page, 'notification').count()).toBe(2);
  await check(page, 'phone-6-notification');
  const { x, width } = (await part(page, 'notification').last().boundingBox())!;
  expect(x).toBeGreaterThanOrEqual(16);
  expect(x + width).toBeLessThanOrEqual(390 - 16);
  await part(page, 'launcher').tap();
  await part(page, 'presence').waitFor();
  await check(page, 'phone-7-notification-in-the-window');
});

it('is read out, says nothing but text, takes no focus, and goes by keyboard', async () => {
  const page = await shop();
  await page.getByLabel('Search').focus();
  const region = page.locator('#pocketping .notifications[role=status]');
  expect(await region.count()).toBe(1);
  notify({ title: '<img src=x onerror=alert(1)>', message: 'javascript:alert(1) <b>bold</b>' });
  await part(page, 'notification').waitFor();
  expect(await region.locator('img, a, p b').count()).toBe(0);
  expect(await region.textContent()).toBe('<img src=x onerror=alert(1)>javascript:alert(1) <b>bold</b>');
  expect(await page.getByLabel('Search').evaluate((field) => field === document.activeElement)).toBe(true);
  await page.getByRole('button', { name: 'Dismiss' }).focus();
  await page.keyboard.press('Enter');
  await part(page, 'notification').waitFor({ state: 'detached' });
  const focused = await page.evaluate(() =>
    document.getElementById('pocketping')!.shadowRoot!.activeElement?.getAttribute('data-testid'),
  );
  expect(focused).toBe('pp-launcher');
});
