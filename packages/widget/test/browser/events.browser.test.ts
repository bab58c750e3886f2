import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { consoleOf, heard, init, listenTo, type PageWindow, trigger } from './page-api.js';
import { openChat, part, site } from './site.js';

const world = site();
const team = () => world.team();
const triggered = () => team().triggered.map(({ name }) => name);
const names = async (page: Page) => (await heard(page)).map(({ name }) => name);

async function bare(): Promise<Page> {
  const page = await (await world.visitor()).newPage();
  await page.goto(`${world.server.origin}/bare`);
  return page;
}

/** A page of a visitor who has a conversation, and hears everything. */
async function connected(): Promise<Page> {
  const page = await bare();
  await listenTo(page, '*');
  await init(page);
  await trigger(page, 'arrived');
  await expect.poll(() => world.server.followers).toBe(1);
  return page;
}

it('tells the site’s code what happened, before the window was ever opened, and before init', async () => {
  const page = await bare();
  await trigger(page, 'before_init', { n: 1 });
  await page.waitForTimeout(200);
  expect(world.server.to('/connect')).toEqual([]);
  await init(page);
  await page.evaluate(() => {
    const data = { plan: 'pro' };
    (window as unknown as PageWindow).PocketPing.trigger('clicked_pricing', data);
    data.plan = 'changed afterwards';
  });
  await expect.poll(() => triggered()).toEqual(['before_init', 'clicked_pricing']);
  expect(team().triggered).toMatchObject([{ data: { n: 1 } }, { data: { plan: 'pro' } }]);
  await trigger(page, 'with_the_chat_there');
  await expect.poll(() => triggered()).toHaveLength(3);
  expect(team().sessions.size).toBe(1);
  expect(await part(page, 'window').count()).toBe(0);
});

it('takes commands that were queued before the script', async () => {
  world.server.pages.set('/queued', {
    type: 'text/html',
    body: `<!doctype html><title>Shop</title><script>
      window.heard = [];
      window.PocketPing = { q: [
        ['onEvent', 'show_offer', (event) => heard.push(event)],
        ['trigger', 'queued'],
        ['init', { endpoint: '/pocketping' }],
      ] };</script><script async src="/widget.js"></script>`,
  });
  const page = await (await world.visitor()).newPage();
  await page.goto(`${world.server.origin}/queued`);
  await expect.poll(() => triggered()).toEqual(['queued']);
  await expect.poll(() => world.server.followers).toBe(1);
  team().emit(team().latest, 'show_offer');
  await expect.poll(() => names(page)).toEqual(['show_offer']);
});

it('never throws into the page, and says what it cannot send', async () => {
  const page = await bare();
  const said = consoleOf(page);
  await init(page);
  await page.evaluate(() => {
    const { PocketPing } = window as unknown as { PocketPing: { trigger(...what: unknown[]): void } };
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    for (const what of [
      ['circle', circle],
      ['number', 7],
      ['list', []],
      ['function', () => {}],
      ['long', { text: 'x'.repeat(5_000) }],
      [''],
      [undefined],
      [Symbol('name')],
    ])
      PocketPing.trigger(...what);
    PocketPing.trigger('good');
  });
  await expect.poll(() => triggered()).toEqual(['good']);
  expect(said.filter((line) => line.startsWith('PocketPing'))).toHaveLength(8);
});

it('hears what the site’s code says: by name, or all of it, until it does not want to any more', async () => {
  const page = await connected();
  const said = consoleOf(page);
  await page.evaluate(() => {
    const own = window as unknown as PageWindow;
    const { PocketPing } = own;
    const taken = () => own.heard.push({ name: 'taken back' } as never);
    PocketPing.onEvent('show_offer', taken);
    PocketPing.offEvent('show_offer', taken);
    PocketPing.offEvent('never', taken);
    PocketPing.onEvent('show_offer', () => {
      throw new Error('thrown');
    });
    PocketPing.onEvent('show_offer', async () => {
      throw new Error('rejected');
    });
    PocketPing.onEvent('show_offer', ({ name }) => own.heard.push({ name: `${name} by name` } as never));
  });
  team().emit(team().latest, 'show_offer', { discount: 20 });
  await expect.poll(() => names(page)).toEqual(['show_offer by name', 'show_offer']);
  expect((await heard(page))[1]).toEqual({
    name: 'show_offer',
    data: { discount: 20 },
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    sessionId: team().latest.sessionId,
  });
  await expect.poll(() => said.filter((line) => /thrown|rejected/.test(line)).length).toBe(2);
  team().emit(team().latest, 'request_callback');
  await expect.poll(() => names(page)).toHaveLength(3);
});

it('hears a broadcast, in each tab', async () => {
  const page = await connected();
  const other = await page.context().newPage();
  await other.goto(`${world.server.origin}/bare`);
  await listenTo(other, 'announcement');
  await init(other);
  await expect.poll(() => world.server.followers).toBe(2);
  team().broadcast('announcement', { message: 'New!' });
  for (const tab of [page, other]) await expect.poll(() => names(tab)).toEqual(['announcement']);
});

it('hears what it missed when it was offline, within its time and not after', async () => {
  const page = await connected();
  await page.context().setOffline(true);
  world.server.cut();
  await expect.poll(() => world.server.followers).toBe(0);
  team().emit(team().latest, 'too_old');
  team().expire(team().latest);
  team().emit(team().latest, 'in_time');
  await page.context().setOffline(false);
  await expect.poll(() => names(page)).toEqual(['in_time']);
  await page.goto('about:blank');
  await expect.poll(() => world.server.followers).toBe(0);
  team().emit(team().latest, 'while_away');
  await page.goto(`${world.server.origin}/bare`);
  await listenTo(page, '*');
  await init(page);
  await expect.poll(() => names(page)).toEqual(['while_away']);
  team().emit(team().latest, 'now');
  await expect.poll(() => names(page)).toEqual(['while_away', 'now']);
});

it('tells once what happened while the network was cut, though the first answer never came', async () => {
  const page = await connected();
  world.server.fault = ({ path }) => (path === '/event' ? 'drop-after' : undefined);
  await trigger(page, 'answer_lost', { n: 1 });
  await expect.poll(() => triggered()).toEqual(['arrived', 'answer_lost']);
  await page.context().setOffline(true);
  world.server.cut();
  await expect.poll(() => world.server.followers).toBe(0);
  for (let n = 2; n < 5; n++) await trigger(page, 'offline', { n });
  world.server.fault = () => undefined;
  await page.context().setOffline(false);
  await expect.poll(() => triggered(), { timeout: 10_000 }).toHaveLength(5);
  await page.waitForTimeout(300);
  expect(team().triggered.map(({ data }) => (data as { n: number } | undefined)?.n)).toEqual([
    undefined,
    ...[1, 2, 3, 4],
  ]);
  const ids = world.server.to('/event').map(({ body }) => body.clientEventId);
  expect(ids.length).toBeGreaterThan(5);
  expect(new Set(ids).size).toBe(5);
});

it('tells a click on a link once, though the page is left before the answer and the next one tells it again', async () => {
  const page = await connected();
  world.server.fault = ({ path }) => (path === '/event' ? 'drop-after' : undefined);
  await page.evaluate(() => {
    (window as unknown as PageWindow).PocketPing.trigger('followed_link');
    location.href = '/bare?next';
  });
  await page.waitForURL('**/bare?next');
  await expect.poll(() => triggered()).toEqual(['arrived', 'followed_link']);
  world.server.fault = () => undefined;
  await init(page);
  await trigger(page, 'read_on');
  await expect.poll(() => triggered()).toEqual(['arrived', 'followed_link', 'read_on']);
  const links = world.server.to('/event').filter(({ body }) => body.name === 'followed_link');
  expect(links.length).toBeGreaterThan(1);
  expect(new Set(links.map(({ body }) => body.clientEventId)).size).toBe(1);
});

it('a page that triggers a thousand a second goes on as if nothing were, and is told once', async () => {
  const page = await bare();
  const said = consoleOf(page);
  await init(page);
  const { calls, longestMs } = await page.evaluate(async () => {
    const { PocketPing } = window as unknown as PageWindow;
    const began = performance.now();
    let calls = 0;
    let longestMs = 0;
    while (performance.now() - began < 2_000) {
      const at = performance.now();
      for (let n = 0; n < 10; n++) PocketPing.trigger('mouse_moved', { n: calls++ });
      longestMs = Math.max(longestMs, performance.now() - at);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { calls, longestMs };
  });
  expect(calls).toBeGreaterThan(1_000);
  expect(longestMs).toBeLessThan(100);
  await expect.poll(() => triggered().length).toBeGreaterThanOrEqual(20);
  await page.waitForTimeout(300);
  expect(triggered().length).toBeLessThanOrEqual(24);
  expect(said.filter((line) => line.includes('too many events'))).toHaveLength(1);
  expect(
    await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(':event:'))),
  ).toEqual([]);
});

it('opens at the site’s word, and leaves the focus to who is writing elsewhere', async () => {
  const page = await connected();
  await page.getByLabel('Search').fill('brass');
  team().emit(team().latest, 'open_chat');
  await part(page, 'composer').waitFor();
  await page.keyboard.type(' lamp');
  expect(await page.getByLabel('Search').inputValue()).toBe('brass lamp');
  await part(page, 'close').click();
  await page.getByRole('button', { name: 'Buy' }).focus();
  team().emit(team().latest, 'open_chat');
  await part(page, 'composer').waitFor();
  await page.keyboard.type('Hello');
  expect(await part(page, 'composer').inputValue()).toBe('Hello');
  expect(await names(page)).toEqual(['open_chat', 'open_chat']);
});

it('keeps a message that the page sends before the chat is there, over a reload, and sends it once', async () => {
  const page = await bare();
  let held = true;
  await page.route(/pocketping-chat/, (route) => (held ? undefined : route.continue()));
  await init(page);
  await page.evaluate(() => {
    const { PocketPing } = window as unknown as PageWindow;
    void PocketPing.sendMessage('first').catch(() => {});
    void PocketPing.sendMessage('second').catch(() => {});
    void PocketPing.sendMessage(' ').catch(() => {});
    PocketPing.trigger('asked');
  });
  await page.reload();
  held = false;
  expect(world.server.to('/connect')).toEqual([]);
  await init(page);
  await expect.poll(() => triggered()).toEqual(['asked']);
  await expect.poll(() => team().latest.messages.map(({ content }) => content)).toEqual(['first', 'second']);
  await page.reload();
  await init(page);
  await openChat(page);
  expect(team().latest.messages).toHaveLength(2);
  expect(triggered()).toEqual(['asked']);
  expect(await part(page, 'retry').count()).toBe(0);
});

it('stays what it is through init, destroy, and a page that changes all of its body', async () => {
  const page = await connected();
  await init(page, { theme: 'dark', position: 'left' });
  await expect.poll(() => page.locator('#pocketping').count()).toBe(1);
  await openChat(page);
  const box = (await part(page, 'launcher').boundingBox())!;
  expect(box.x).toBe(20);
  await page.evaluate(() => (window as unknown as PageWindow).PocketPing.destroy());
  expect(await page.locator('#pocketping').count()).toBe(0);
  await trigger(page, 'between');
  await init(page);
  await expect.poll(() => triggered()).toEqual(['arrived', 'between']);
  team().emit(team().latest, 'hello');
  await expect.poll(() => names(page)).toEqual(['hello']);

  const other = await (await world.visitor()).newPage();
  await other.goto(`${world.server.origin}/attributes`);
  await other.evaluate(() => {
    document.body.innerHTML = '<h1>Another page</h1>';
    (window as unknown as PageWindow).PocketPing.open();
  });
  await part(other, 'presence').waitFor();
});
