import { expect, it } from 'vitest';
import { openChat, part, site, write } from './site.js';

const world = site();

it('starts from attributes, without breaking the strictest policy', async () => {
  const page = await (await world.visitor()).newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${world.server.origin}/attributes`);
  await part(page, 'launcher').waitFor();
  expect(world.server.to('/connect')).toEqual([]);
  await openChat(page);
  expect(await page.getByRole('dialog', { name: 'Lamp desk' }).isVisible()).toBe(true);
  await write(page, 'hello');
  await page.locator('[data-status=sent]').waitFor();
  expect(complaints.filter((text) => !text.includes('favicon') && !text.includes('404'))).toEqual([]);
});

it('shows what was written as text, and makes links of links only', async () => {
  const page = await world.shop(await world.visitor());
  await openChat(page);
  const { latest } = world.team();
  world
    .team()
    .say(latest, '<img src=x onerror=alert(1)> javascript:alert(1) https://lamps.example/?a=1&b=2).');
  const message = page.locator('[data-sender=operator]');
  expect(await message.textContent()).toContain('<img src=x onerror=alert(1)> javascript:alert(1)');
  const links = await message.locator('a').evaluateAll((found) =>
    found.map((link) => ({
      href: (link as HTMLAnchorElement).href,
      rel: (link as HTMLAnchorElement).rel,
      target: (link as HTMLAnchorElement).target,
    })),
  );
  expect(links).toEqual([
    { href: 'https://lamps.example/?a=1&b=2', rel: 'noopener noreferrer nofollow', target: '_blank' },
  ]);
  expect(await message.locator('img').count()).toBe(0);
});

it('moves the focus in and back, and keeps keys to itself', async () => {
  const page = await world.shop(await world.visitor());
  await page.evaluate(() => {
    const heard = window as unknown as { heard: string[] };
    heard.heard = [];
    document.addEventListener('keydown', (event) => heard.heard.push(event.key));
  });
  await part(page, 'launcher').focus();
  await page.keyboard.press('Enter');
  await part(page, 'composer').waitFor();
  await page.keyboard.type('one');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('two');
  expect(await part(page, 'composer').inputValue()).toBe('one\ntwo');
  await page.keyboard.press('Escape');
  expect(await part(page, 'window').count()).toBe(0);
  await page.keyboard.press('Enter');
  expect(await part(page, 'composer').inputValue()).toBe('one\ntwo');
  await page.keyboard.press('Enter');
  await page.locator('[data-status=sent]').waitFor();
  expect(world.team().latest.messages.map(({ content }) => content)).toEqual(['one\ntwo']);
  expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual([]);
});

it('reaches every action of a message by keyboard', async () => {
  const page = await world.shop(await world.visitor());
  await openChat(page);
  await write(page, 'first');
  await page.locator('[data-status=sent]').waitFor();
  await page.getByRole('log').focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.type(' and edited');
  await page.keyboard.press('Enter');
  await page.getByText('first and edited').waitFor();
  expect(
    await page.evaluate(() =>
      document.getElementById('pocketping')!.shadowRoot!.activeElement?.getAttribute('data-testid'),
    ),
  ).toBe('pp-message');
});

it('keeps the focus in the conversation when the button that had it is gone', async () => {
  const page = await world.shop(await world.visitor());
  const { server } = world;
  const focused = () =>
    page.evaluate(() => {
      const element = document.getElementById('pocketping')!.shadowRoot!.activeElement;
      return element?.getAttribute('role') ?? element?.getAttribute('data-testid');
    });
  await openChat(page);
  await write(page, 'first');
  await page.locator('[data-status=sent]').waitFor();
  await part(page, 'message').focus();
  await part(page, 'delete').focus();
  await page.keyboard.press('Enter');
  await page.getByText('Message deleted').waitFor();
  expect(await focused()).toBe('pp-message');
  server.fault = ({ path }) => (path === '/message' ? { code: 'forbidden' } : undefined);
  await write(page, 'refused');
  await part(page, 'retry').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => server.to('/message').length).toBe(3);
  expect(await focused()).toBe('pp-message');
  await part(page, 'retry').waitFor();
  await part(page, 'delete').focus();
  await page.keyboard.press('Enter');
  await page.getByText('refused').waitFor({ state: 'detached' });
  expect(await focused()).toBe('log');
  for (let n = 0; n < 40; n++) world.team().say(world.team().latest, `Message ${n}`);
  await page.getByText('Message 39').waitFor();
  await page.getByRole('log').evaluate((log) => log.scrollTo(0, 0));
  await page.getByRole('button', { name: 'Latest messages' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Latest messages' }).waitFor({ state: 'detached' });
  expect(await focused()).toBe('log');
});

it('goes on after a reload, with what was written offline', async () => {
  const context = await world.visitor();
  const page = await world.shop(context);
  await openChat(page);
  await write(page, 'before');
  await page.locator('[data-status=sent]').waitFor();
  world.server.fault = ({ path }) => (path === '/message' ? 'drop-before' : undefined);
  await write(page, 'in between');
  await page.locator('[data-status=waiting]').waitFor();
  world.server.fault = () => undefined;
  await page.reload();
  await openChat(page);
  await page.getByText('in between').waitFor();
  await expect
    .poll(() => world.team().latest.messages.map(({ content }) => content))
    .toEqual(['before', 'in between']);
  expect(world.team().sessions.size).toBe(1);
});

it('two tabs show the same conversation', async () => {
  const context = await world.visitor();
  const one = await world.shop(context);
  const two = await world.shop(context);
  await Promise.all([openChat(one), openChat(two)]);
  await write(one, 'from one');
  await write(two, 'from two');
  for (const page of [one, two]) {
    await page.getByText('from one').waitFor();
    await page.getByText('from two').waitFor();
  }
  expect(world.team().sessions.size).toBe(1);
  expect(world.team().latest.messages).toHaveLength(2);
});

it('is commanded by the page, and leaves nothing behind', async () => {
  const context = await world.visitor();
  const page = await context.newPage();
  await page.goto(`${world.server.origin}/bare`);
  const id = await page.evaluate(async () => {
    const { PocketPing } = window as unknown as { PocketPing: import('../../src/index.js').PocketPing };
    const id = await PocketPing.init({ endpoint: '/pocketping' }).sendMessage('hello from the page');
    await PocketPing.editMessage(id, 'hello again');
    await PocketPing.identify({ name: 'Mia' });
    PocketPing.open();
    PocketPing.toggle();
    PocketPing.toggle();
    return id;
  });
  expect(world.team().latest.messages).toMatchObject([{ id, content: 'hello again' }]);
  await part(page, 'window').waitFor();
  const rest = await page.evaluate(async () => {
    const { PocketPing } = window as unknown as { PocketPing: import('../../src/index.js').PocketPing };
    PocketPing.destroy();
    return {
      hosts: document.querySelectorAll('#pocketping').length,
      children: document.body.children.length,
    };
  });
  expect(rest).toEqual({ hosts: 0, children: 2 });
  await expect.poll(() => world.server.sockets.size).toBe(0);
  expect(
    await page.evaluate(() => {
      const { PocketPing } = window as unknown as { PocketPing: import('../../src/index.js').PocketPing };
      PocketPing.init({ endpoint: '/pocketping' });
      PocketPing.reset();
      return Object.keys(localStorage);
    }),
  ).toEqual([]);
});
