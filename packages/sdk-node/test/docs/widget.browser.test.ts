import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { type Express } from 'express';
import { chromium, type Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { CustomEvent } from '../../src/index.js';
import { bridgeServer } from '../desk.js';
import { blockWith } from './page.js';
import { portOf, ports } from './ports.js';
import { run } from './run.js';

const require = createRequire(import.meta.url);
const widget = require.resolve('@pocketping/widget/pocketping.js');

const SHOP = `<!doctype html>
<title>A shop</title>
<script src="/widget/pocketping.js" defer data-endpoint="/pocketping"></script>`;

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The page's Express app, with a page of its own on which the widget is; the team sits at the desk of a server. */
const shop = async () => {
  const server = await bridgeServer();
  vi.stubEnv('BRIDGE_URL', server.url);
  const { app } = ports(server.url);
  const left = await run(blockWith("require('express')"), { console: { log: () => {} } }, ['app']);
  onTestFinished(() => left.pp.stop());
  const site = left.app as Express;
  site.use('/widget', express.static(dirname(widget)));
  site.get('/', (_req, res) => void res.send(SHOP));
  return { ...server, pp: left.pp, origin: `http://localhost:${portOf(await app())}` };
};

const open = async (origin: string): Promise<Page> => {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '',
    args: (process.env.CHROMIUM_FLAGS ?? '').split(' '),
  });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(origin);
  return page;
};

interface Shop {
  readonly PocketPing: {
    trigger(name: string, data?: object): void;
    onEvent(name: string, handler: (event: CustomEvent) => void): void;
  };
  offers: unknown[];
}

it('the Express app of the page about Node.js answers the widget in a browser, and hears and tells events', async () => {
  const { pp, desk, origin } = await shop();
  const heard: unknown[] = [];
  pp.onEvent('clicked_pricing', ({ data }) => void heard.push(data));
  const page = await open(origin);
  const by = (name: string) => page.getByTestId(`pp-${name}`);
  await by('launcher').click();
  await by('composer').fill('hello');
  await by('send').click();
  await vi.waitFor(() => expect(desk.posts).toEqual(['hello']), 20_000);
  await desk.reply('Hi there');
  await by('message').filter({ hasText: 'Hi there' }).waitFor();

  await page.evaluate(() => {
    const shop = globalThis as unknown as Shop;
    shop.offers = [];
    shop.PocketPing.onEvent('show_offer', ({ data }) => void shop.offers.push(data));
    shop.PocketPing.trigger('clicked_pricing', { plan: 'pro' });
  });
  await vi.waitFor(() => expect(heard).toEqual([{ plan: 'pro' }]), 20_000);

  await page.keyboard.press('Escape');
  await by('window').waitFor({ state: 'detached' });
  const [session] = await pp.getSessions();
  const events = blockWith('pp.emitEvent(', 'show_offer');
  await run({ ...events, text: events.text.replaceAll('sess_xxx', session?.id ?? '') }, { pp });
  await by('window').waitFor();
  await page.getByText('Check out our new dashboard.').waitFor();
  await vi.waitFor(
    async () =>
      expect(await page.evaluate(() => (globalThis as unknown as Shop).offers)).toEqual([
        { discount: 20, code: 'SAVE20', message: 'Special offer just for you!' },
      ]),
    20_000,
  );
});

it('hears an event once whose answer the browser never got, and those triggered while its network was cut, in order', async () => {
  const { pp, origin } = await shop();
  const heard: unknown[] = [];
  pp.onEvent('*', ({ name, data }) => void heard.push([name, data?.n]));
  const page = await open(origin);
  let lost = 0;
  await page.route('**/event', async (route) => {
    if (lost === 2) return route.continue();
    lost++;
    await route.fetch();
    await route.abort('connectionreset');
  });
  const trigger = (name: string, n: number) =>
    page.evaluate(([name, n]) => (globalThis as unknown as Shop).PocketPing.trigger(name, { n }), [
      name,
      n,
    ] as const);
  await trigger('paid', 1);
  await vi.waitFor(() => expect(lost).toBe(2), 20_000);
  await page.context().setOffline(true);
  for (let n = 2; n < 5; n++) await trigger('offline', n);
  await page.context().setOffline(false);
  await trigger('last', 5);
  await vi.waitFor(() => expect(heard).toHaveLength(5), 20_000);
  expect(heard).toEqual([
    ['paid', 1],
    ['offline', 2],
    ['offline', 3],
    ['offline', 4],
    ['last', 5],
  ]);
});
