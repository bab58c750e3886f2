import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { checkWith } from './check.js';
import { openChat, part, site, write } from './site.js';

const world = site();
const check = checkWith(world);

async function conversation(page: Page) {
  const team = world.team();
  await openChat(page);
  await write(page, 'Hi! Does the brass lamp come with a bulb?');
  await page.locator('[data-status=sent]').waitFor();
  const session = team.latest;
  const question = session.messages[0]!;
  team.receive(session, 'operator', 'read', question.seq);
  team.say(session, 'It does: a warm 2700 K one, E27.', { replyTo: question.id });
  team.say(session, 'Have a look at https://lamps.example/brass(40cm) or write to hello@lamps.example.');
  await write(page, 'Lovely.\nAnd how long does shipping take?');
  await page.locator('[data-status=sent]').waitFor();
  team.receive(session, 'operator', 'delivered', session.seq);
  await page.locator('[data-status=delivered]').waitFor();
  return session;
}

for (const colorScheme of ['light', 'dark'] as const) {
  it(`looks and reads well in every state (${colorScheme})`, async () => {
    const context = await world.visitor({ colorScheme });
    const page = await world.shop(context, { title: 'Lamp desk', operatorName: 'Ada' });
    const team = world.team();
    await part(page, 'launcher').waitFor();
    await check(page, `${colorScheme}-01-closed`);
    await openChat(page);
    await check(page, `${colorScheme}-02-empty`);
    await page.keyboard.press('Escape');
    const session = await conversation(page);
    await check(page, `${colorScheme}-03-conversation`);
    team.tell(session, { type: 'typing', data: { sender: 'operator', name: 'Ada', isTyping: true } });
    await part(page, 'typing').waitFor();
    await check(page, `${colorScheme}-04-typing`);
    await page.locator('[data-status=delivered]').hover();
    await check(page, `${colorScheme}-05-actions`);
    await part(page, 'edit').click();
    await check(page, `${colorScheme}-06-editing`);
    await part(page, 'edit-field').fill('And how long does delivery take?');
    await part(page, 'edit-save').click();
    await page.getByText('edited').waitFor();
    await page.locator('[data-status=read]').hover();
    await part(page, 'delete').click();
    await page.getByText('Message deleted').first().waitFor();
    await page.getByText('It does:').hover();
    await part(page, 'reply').click();
    await part(page, 'composer').fill('Which one?');
    await check(page, `${colorScheme}-07-deleted-replying`);
    await part(page, 'composer').press('Enter');
    await page.locator('[data-status=sent]').filter({ hasText: 'Which one?' }).waitFor();
    world.server.fault = ({ path }) => (path === '/message' ? { code: 'forbidden' } : undefined);
    await write(page, 'This one is refused.');
    await part(page, 'retry').waitFor();
    await check(page, `${colorScheme}-08-failed`);
    world.server.fault = () => undefined;
    await context.setOffline(true);
    await write(page, 'Written in a tunnel.');
    await page.locator('[data-status=waiting]').waitFor();
    await check(page, `${colorScheme}-09-offline`);
    await context.setOffline(false);
    await page.locator('[data-status=waiting]').waitFor({ state: 'detached' });
    await part(page, 'menu').click();
    await check(page, `${colorScheme}-10-menu`);
    await part(page, 'end').click();
    await check(page, `${colorScheme}-11-confirm`);
    await part(page, 'end-cancel').click();
    await part(page, 'composer').fill('x'.repeat(3950));
    await check(page, `${colorScheme}-12-counter`);
    await part(page, 'composer').fill('');
    await write(page, 'مرحبا، هل المصباح متوفر؟ Brass 40cm');
    team.say(session, `Donaudampfschifffahrtsgesellschaftskapitänskajütentürschlüsselloch${'o'.repeat(90)}`);
    team.say(session, 'שלום עולם');
    team.say(session, 'Ada joined the conversation', { sender: 'system' });
    await page.getByText('Ada joined').waitFor();
    await check(page, `${colorScheme}-13-long-and-rtl`);
    team.online = false;
    team.tell(session, { type: 'presence', data: { online: false } });
    team.close(session, 'operator');
    await page.getByText('Write to reopen it').waitFor();
    await check(page, `${colorScheme}-14-closed-by-team`);
    await part(page, 'menu').click();
    await part(page, 'end').click();
    await part(page, 'end-confirm').click();
    await page.getByText('You ended the conversation').waitFor();
    await check(page, `${colorScheme}-15-ended`);
    await page.keyboard.press('Escape');
    await part(page, 'launcher').click();
    await part(page, 'menu').waitFor();
    await part(page, 'close').click();
    team.say(team.latest, 'One more thing');
    team.say(team.latest, 'Free shipping today');
    await part(page, 'badge').waitFor();
    await check(page, `${colorScheme}-16-badge`);
  });
}

it('fills a phone', async () => {
  const context = await world.visitor({
    viewport: { width: 390, height: 780 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
  });
  const page = await world.shop(context, { primaryColor: '#ffd23f' });
  await world.picture(page, 'phone-1-closed');
  await conversation(page);
  await check(page, 'phone-2-conversation');
  await page.locator('[data-status=delivered]').tap();
  await check(page, 'phone-3-actions');
  const box = await part(page, 'window').boundingBox();
  expect(box).toEqual({ x: 0, y: 0, width: 390, height: 780 });
});

it.each([
  ['#0f6b5c', 'rgb(255, 255, 255)'],
  ['oklch(0.45 0.1 180)', 'rgb(255, 255, 255)'],
  ['color(display-p3 0 0 0.6)', 'rgb(255, 255, 255)'],
  ['black', 'rgb(255, 255, 255)'],
  ['oklch(0.9 0.17 95)', 'rgb(17, 17, 17)'],
  ['hsl(50 100% 60%)', 'rgb(17, 17, 17)'],
  ['color(display-p3 1 0.9 0.3)', 'rgb(17, 17, 17)'],
  ['color(display-p3 0 1 0)', 'rgb(17, 17, 17)'],
])('is readable in whatever notation its colour is written: %s', async (primaryColor, onPrimary) => {
  const page = await world.shop(await world.visitor(), { primaryColor });
  const launcher = part(page, 'launcher');
  await launcher.waitFor();
  expect(await launcher.evaluate((button) => getComputedStyle(button).color)).toBe(onPrimary);
});

it('sits on the left, mirrored, on a page that reads from right to left', async () => {
  const page = await world.shop(await world.visitor(), { position: 'left' });
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });
  await conversation(page);
  await check(page, 'rtl-left');
});

it('keeps the place while reading back, and shows the way to the end', async () => {
  const context = await world.visitor();
  const first = await world.shop(context);
  await openChat(first);
  const team = world.team();
  for (let n = 1; n <= 130; n++)
    team.say(team.latest, `Message ${n}`, {
      timestamp: new Date(Date.now() - (200 - n) * 3_600_000).toISOString(),
    });
  await first.getByText('Message 130', { exact: true }).waitFor();
  await first.close();
  const page = await world.shop(context);
  await openChat(page);
  const log = page.getByRole('log');
  await page.getByText('Message 130', { exact: true }).waitFor();
  const anchor = page.getByText('Message 81', { exact: true });
  await log.evaluate((element) => {
    element.scrollTop = 70;
  });
  await page.getByText('Message 31', { exact: true }).waitFor({ state: 'attached' });
  expect(await anchor.evaluate((element) => element.getBoundingClientRect().top)).toBeLessThan(300);
  expect(await log.evaluate((element) => element.scrollTop)).toBeGreaterThan(1000);
  team.say(team.latest, 'While you read');
  await check(page, 'history');
  await page.getByRole('button', { name: 'Latest messages' }).click();
  await expect
    .poll(() => log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight))
    .toBeLessThan(2);
});
