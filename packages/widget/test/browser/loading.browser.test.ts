import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openChat, part, site, write } from './site.js';

type Api = import('../../src/index.js').PocketPing;

const world = site();
const CHAT = /pocketping-chat\.js/;

/** Addresses of the chat's file that the page has asked for. */
function chatRequests(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => CHAT.test(request.url()) && asked.push(request.url()));
  return asked;
}

/** Holds the chat's file back until it is let go. */
async function holdChat(page: Page): Promise<() => void> {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(CHAT, async (route) => {
    await held;
    await route.continue();
  });
  return letGo;
}

async function blank(): Promise<{ page: Page; asked: string[] }> {
  const page = await (await world.visitor()).newPage();
  return { page, asked: chatRequests(page) };
}

const focused = (page: Page) =>
  page.evaluate(() =>
    document.getElementById('pocketping')!.shadowRoot!.activeElement?.getAttribute('data-testid'),
  );

it('loads the chat when somebody is about to open it, and not before', async () => {
  const { page, asked } = await blank();
  await page.goto(`${world.server.origin}/attributes`);
  await part(page, 'launcher').waitFor();
  await page.waitForTimeout(500);
  expect(asked).toEqual([]);
  await part(page, 'launcher').hover();
  await expect.poll(() => asked).toHaveLength(1);
  expect(asked[0]).toMatch(/\/pocketping-chat\.js\?v=[0-9a-f]{16}$/);
  await page.waitForTimeout(300);
  expect(world.server.to('/connect')).toEqual([]);
  await part(page, 'launcher').click();
  await part(page, 'presence').waitFor();
  expect(asked).toHaveLength(1);
});

it('shows what is unread without anybody’s doing', async () => {
  const context = await world.visitor();
  const first = await world.shop(context);
  await openChat(first);
  await write(first, 'hello');
  await first.locator('[data-status=sent]').waitFor();
  await first.close();
  world.team().say(world.team().latest, 'Anything else?');
  const page = await world.shop(context);
  await expect.poll(() => part(page, 'badge').textContent()).toBe('1');
});

it('shows what is unread in a tab that was open before the conversation', async () => {
  const context = await world.visitor();
  const one = await world.shop(context);
  const two = await world.shop(context);
  await openChat(one);
  await write(one, 'hello');
  await one.locator('[data-status=sent]').waitFor();
  await part(one, 'close').click();
  world.team().say(world.team().latest, 'Hi!');
  await expect.poll(() => part(two, 'badge').textContent()).toBe('1');
});

it('loses neither a press nor the focus when the chat arrives in the middle of it', async () => {
  const { page } = await blank();
  const letGo = await holdChat(page);
  await page.goto(`${world.server.origin}/attributes`);
  const box = (await part(page, 'launcher').boundingBox())!;
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  const element = await part(page, 'launcher').elementHandle();
  letGo();
  await page.waitForFunction(() => !document.querySelector('#pocketping')!.hasAttribute('data-early'));
  expect(await focused(page)).toBe('pp-launcher');
  await page.mouse.up();
  await part(page, 'composer').waitFor();
  expect(await element!.evaluate((button) => button.isConnected)).toBe(true);
  expect(await focused(page)).toBe('pp-composer');
});

it('says that it is being loaded, and opens as soon as it is there', async () => {
  const { page } = await blank();
  const letGo = await holdChat(page);
  await page.goto(`${world.server.origin}/attributes`);
  await part(page, 'launcher').click();
  await page.locator('[data-testid=pp-launcher][aria-busy=true]').waitFor();
  await part(page, 'launcher').click();
  letGo();
  await part(page, 'presence').waitFor();
});

it('says that it could not be loaded, and tries again by itself and at the next click', async () => {
  const { page, asked } = await blank();
  await page.clock.install();
  await page.route(CHAT, (route) => route.abort());
  await page.goto(`${world.server.origin}/attributes`);
  await part(page, 'launcher').click();
  const failed = page.getByRole('button', { name: 'The chat could not be loaded. Try again' });
  await failed.waitFor();
  expect(await failed.getAttribute('title')).toBe('The chat could not be loaded. Try again');
  expect(await page.getByRole('status').textContent()).toBe('The chat could not be loaded. Try again');
  await world.picture(page, 'light-00-not-loaded');
  const before = asked.length;
  await page.clock.runFor(1_000);
  await expect.poll(() => asked.length).toBe(before + 1);
  await failed.waitFor();
  await page.unroute(CHAT);
  await failed.click();
  await part(page, 'presence').waitFor();
  expect(await page.getByText('could not be loaded').count()).toBe(0);
});

it('opens by itself when a failure was short, and not long after the visitor has given up', async () => {
  const { page } = await blank();
  await page.clock.install();
  let failing = true;
  await page.route(CHAT, (route) => (failing ? route.abort() : route.continue()));
  await page.goto(`${world.server.origin}/attributes`);
  await part(page, 'launcher').click();
  const failed = page.getByRole('button', { name: /could not be loaded/ });
  await failed.waitFor();
  failing = false;
  await page.clock.runFor(1_000);
  await part(page, 'presence').waitFor();

  await page.evaluate(() => {
    (window as unknown as { PocketPing: Api }).PocketPing.reset();
  });
  await part(page, 'close').click();
  failing = true;
  await page.goto(`${world.server.origin}/attributes`);
  await page.evaluate(() => localStorage.clear());
  await part(page, 'launcher').click();
  await failed.waitFor();
  for (let second = 0; second < 12; second++) await page.clock.runFor(1_000);
  failing = false;
  await page.clock.runFor(60_000);
  await page.waitForTimeout(300);
  expect(await part(page, 'window').count()).toBe(0);
});

it('keeps what the page asks for until the chat can answer', async () => {
  const { page } = await blank();
  const letGo = await holdChat(page);
  await page.goto(`${world.server.origin}/bare`);
  const answers = page.evaluate(async () => {
    const { PocketPing } = window as unknown as { PocketPing: Api };
    PocketPing.init({ endpoint: '/pocketping' });
    await PocketPing.identify({ id: 'u_1', name: 'Mia' });
    const id = PocketPing.sendMessage('first');
    const second = PocketPing.sendMessage('second');
    const empty = PocketPing.sendMessage(' ').catch((error) => error.code);
    PocketPing.open();
    PocketPing.toggle();
    return Promise.all([id, second, empty]);
  });
  await page.waitForTimeout(200);
  expect(world.server.asked).toEqual([]);
  letGo();
  const [first, second, empty] = await answers;
  expect(world.team().latest.messages).toMatchObject([
    { id: first, content: 'first' },
    { id: second, content: 'second' },
  ]);
  expect(empty).toBe('validation_failed');
  expect([...world.team().identities.values()]).toEqual([{ id: 'u_1', name: 'Mia' }]);
  expect(await part(page, 'window').count()).toBe(0);
});

it('answers what will never be asked of the chat', async () => {
  const { page } = await blank();
  await page.route(CHAT, () => {});
  await page.goto(`${world.server.origin}/bare`);
  const codes = await page.evaluate(async () => {
    const { PocketPing } = window as unknown as { PocketPing: Api };
    const code = (task: Promise<unknown>) => task.catch((error) => error.code ?? error.message);
    const missing = await code(PocketPing.editMessage('msg_1', 'x'));
    PocketPing.init({ endpoint: '/pocketping' });
    const reset = code(PocketPing.sendMessage('one'));
    PocketPing.reset();
    const destroyed = code(PocketPing.deleteMessage('msg_1'));
    PocketPing.destroy();
    let thrown = '';
    try {
      PocketPing.open();
    } catch (error) {
      thrown = (error as Error).message;
    }
    return [missing, await reset, await destroyed, thrown, document.querySelectorAll('#pocketping').length];
  });
  const first = 'PocketPing.init() comes first';
  expect(codes).toEqual([first, 'reset', 'destroyed', first, 0]);
});

it.each([
  ['with a nonce', "script-src 'nonce-abc'", 'nonce="abc"'],
  ['with Trusted Types', "script-src 'self'; require-trusted-types-for 'script'", ''],
])('is let in %s', async (_, scripts, attributes) => {
  const headers = {
    'content-security-policy': `default-src 'none'; connect-src 'self'; style-src 'self'; ${scripts}`,
  };
  const body = `<!doctype html><html lang="en"><title>Shop</title><body>
    <script ${attributes} src="/widget.js" data-endpoint="/pocketping"></script></body></html>`;
  world.server.pages.set('/guarded', { type: 'text/html', headers, body });
  const { page } = await blank();
  await page.goto(`${world.server.origin}/guarded`);
  await openChat(page);
});

it('is split as a module, too', async () => {
  const folder = new URL('../../dist/', import.meta.url);
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.js')))
    world.server.pages.set(`/module/${name}`, {
      type: 'text/javascript',
      body: readFileSync(new URL(name, folder), 'utf8'),
    });
  world.server.pages.set('/module', {
    type: 'text/html',
    headers: { 'content-security-policy': "script-src 'self'" },
    body: '<!doctype html><title>Shop</title><script type="module" src="/module/start.js"></script>',
  });
  world.server.pages.set('/module/start.js', {
    type: 'text/javascript',
    body: `import { PocketPing, PocketPingError } from './index.js';
      PocketPing.init({ endpoint: '/pocketping' });
      window.refusal = PocketPing.sendMessage('').catch((error) => error instanceof PocketPingError);
      window.PocketPing = PocketPing;`,
  });
  const { page } = await blank();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${world.server.origin}/module`);
  await openChat(page);
  expect(asked.filter((path) => /\/chat-\w+\.js/.test(path))).toHaveLength(1);
  expect(await page.evaluate(() => (window as unknown as { refusal: Promise<boolean> }).refusal)).toBe(true);
});
