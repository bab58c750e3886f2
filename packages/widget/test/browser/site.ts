import { mkdirSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { FakeServer } from '../fake/server.js';
import { servePages, setUpShop } from './shop-pages.js';

/** A site with the widget, in a real browser. */
export function site() {
  let browser: Browser;
  const contexts = new Set<BrowserContext>();
  const world = {
    server: undefined as unknown as FakeServer,
    async visitor(options: BrowserContextOptions = {}): Promise<BrowserContext> {
      const context = await browser.newContext({ viewport: { width: 1000, height: 760 }, ...options });
      contexts.add(context);
      return context;
    },
    /** Opens the shop; `setup` runs as a script of the page before the widget's. */
    async shop(context: BrowserContext, options: Record<string, unknown> = {}): Promise<Page> {
      setUpShop(world.server, options);
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      await page.goto(`${world.server.origin}/shop`);
      return page;
    },
    team: () => world.server.conversations,
    /** Keeps a picture if `SCREENSHOTS` names a folder. */
    async picture(page: Page, name: string): Promise<void> {
      const folder = process.env.SCREENSHOTS;
      if (!folder) return;
      mkdirSync(folder, { recursive: true });
      await page.waitForTimeout(350);
      await page.screenshot({ path: `${folder}/${name}.png` });
    },
  };
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_PATH ?? '',
      args: (process.env.CHROMIUM_FLAGS ?? '').split(' '),
    });
  });
  beforeEach(async () => {
    world.server = await FakeServer.start();
    servePages(world.server);
  });
  afterEach(async () => {
    for (const context of contexts) await context.close();
    contexts.clear();
    await world.server.stop();
  });
  afterAll(() => browser?.close());
  return world;
}

/** An element of the widget by its test id. */
export const part = (page: Page, name: string) => page.getByTestId(`pp-${name}`);

/** Opens the window and waits for the connection. */
export async function openChat(page: Page): Promise<void> {
  await part(page, 'launcher').click();
  await part(page, 'presence').waitFor();
}

export async function write(page: Page, text: string): Promise<void> {
  await part(page, 'composer').fill(text);
  await part(page, 'composer').press('Enter');
}
