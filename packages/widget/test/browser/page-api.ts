import type { Page } from 'playwright-core';
import type { Options, PocketPing, PocketPingEvent } from '../../src/index.js';

/** What a page under test has in its window. */
export type PageWindow = Window & { PocketPing: PocketPing; heard: PocketPingEvent[] };

/** Runs in the page, where `window.PocketPing` is. */
export const trigger = (page: Page, name: string, data?: Record<string, unknown>): Promise<void> =>
  page.evaluate(([name, data]) => (window as unknown as PageWindow).PocketPing.trigger(name, data), [
    name,
    data,
  ] as const);

/** Keeps what the page hears of a name in `window.heard`. */
export const listenTo = (page: Page, name: string): Promise<void> =>
  page.evaluate((name) => {
    const own = window as unknown as PageWindow;
    own.heard ??= [];
    own.PocketPing.onEvent(name, (event) => own.heard.push(event));
  }, name);

export const heard = (page: Page): Promise<PocketPingEvent[]> =>
  page.evaluate(() => (window as unknown as PageWindow).heard);

export const init = (page: Page, options: Partial<Options> = {}): Promise<void> =>
  page.evaluate((options) => {
    (window as unknown as PageWindow).PocketPing.init({ endpoint: '/pocketping', ...options });
  }, options);

/** What the page says in the console from now on. */
export function consoleOf(page: Page): string[] {
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'warning' || message.type() === 'error') said.push(message.text());
  });
  return said;
}
