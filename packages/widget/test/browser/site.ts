import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { FakeServer } from '../fake/server.js';

const built = (name: string) => new URL(`../../dist/${name}`, import.meta.url);
const launcher = built('pocketping.js');
const chat = built('pocketping-chat.js');

/** A page of a shop, with the strictest policy that still lets its own scripts and its own server be used. */
const shop = (script: string, style = '') => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shop</title><link rel="stylesheet" href="/shop.css">${style}</head>
<body><main><h1>Lamps and more</h1><p>Warm light for long evenings.</p><input aria-label="Search">
<button id="other">Buy</button></main>${script}</body></html>`;

const css = `
  body { margin: 0; font: 22px/2 Georgia, serif; background: #f6f3ee; color: #333; }
  main { max-width: 900px; margin: 40px auto; padding: 0 24px; min-height: 1600px; }
  div { outline: 3px dotted red; } button { background: hotpink !important; text-transform: uppercase; }
  textarea, p { font-size: 40px !important; }
`;

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; media-src 'self'";

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
      const setup = `window.PocketPing = { q: [['init', ${JSON.stringify({ endpoint: '/pocketping', ...options })}]] };`;
      world.server.pages.set('/setup.js', { type: 'text/javascript', body: setup });
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
    if (!existsSync(launcher)) throw new Error('dist/pocketping.js is missing: run `npm run build` first');
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_PATH ?? '',
      args: (process.env.CHROMIUM_FLAGS ?? '').split(' '),
    });
  });
  beforeEach(async () => {
    world.server = await FakeServer.start();
    const { pages } = world.server;
    const headers = { 'content-security-policy': policy };
    const html = (script: string) => ({ type: 'text/html', headers, body: shop(script) });
    pages.set('/shop', html('<script src="/setup.js"></script><script src="/widget.js"></script>'));
    pages.set(
      '/attributes',
      html('<script src="/widget.js" data-endpoint="/pocketping" data-title="Lamp desk"></script>'),
    );
    pages.set('/bare', html('<script src="/widget.js"></script>'));
    pages.set('/shop.css', { type: 'text/css', body: css });
    const javaScript = (file: URL) => ({ type: 'text/javascript', body: readFileSync(file, 'utf8') });
    pages.set('/widget.js', javaScript(launcher));
    pages.set('/pocketping-chat.js', javaScript(chat));
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
