import { mkdirSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type FrameLocator,
  type Locator,
  type Page,
} from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { folder, run } from './process.js';

/** A Chromium for the tests of a file. */
export const withBrowser = (): (() => Browser) => {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_PATH ?? '',
      args: (process.env.CHROMIUM_FLAGS ?? '').split(' '),
    });
  });
  afterAll(() => browser?.close());
  return () => {
    if (!browser) throw new Error('the browser is not started');
    return browser;
  };
};

/** What a page complains of; a test that ends with complaints has failed. */
export const complaintsOf = (page: Page): string[] => {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
};

type Place = Page | FrameLocator;

/** The visitor's side: a page with the widget, or a frame that shows one. */
export const widgetIn = (place: Place) => {
  const by = (id: string): Locator => place.getByTestId(id);
  const message = (text: string): Locator => by('pp-message').filter({ hasText: text });
  return {
    by,
    message,
    /** Everything that was said. */
    log: place.getByRole('log'),
    open: () => by('pp-launcher').click(),
    write: async (text: string) => {
      await by('pp-composer').fill(text);
      await by('pp-send').click();
    },
    sees: (text: string, status?: string) =>
      (status ? message(text).and(place.locator(`[data-status="${status}"]`)) : message(text)).waitFor(),
    texts: () => by('pp-message').locator('.bubble').allInnerTexts(),
    count: (text: string) => message(text).count(),
  };
};

/** The team's side: a phone, of whichever platform. */
const phoneIn = (place: Place) => {
  const by = (id: string): Locator => place.getByTestId(id);
  const conversation = by('conversation');
  const message = (text: string): Locator =>
    conversation.getByTestId('phone-message').filter({ hasText: text });
  return {
    by,
    message,
    write: async (text: string) => {
      await conversation.getByTestId('phone-composer').fill(text);
      await conversation.getByTestId('phone-send').click();
    },
    sees: (text: string) => message(text).first().waitFor(),
    count: (text: string) => message(text).count(),
    menu: async (text: string, item: string) => {
      await message(text).first().click({ button: 'right' });
      await by(`menu-${item}`).click();
    },
  };
};

export const PLATFORMS = ['telegram', 'discord', 'slack'] as const;

/** A drawn phone on the stage. */
export const phoneOn = (page: Page, platform: (typeof PLATFORMS)[number]) =>
  phoneIn(page.frameLocator(`.${platform} iframe`));

export const frames = (page: Page) => ({
  widget: widgetIn(page.frameLocator('.browser iframe')),
  phone: phoneOn(page, 'telegram'),
  phones: {
    telegram: phoneOn(page, 'telegram'),
    discord: phoneOn(page, 'discord'),
    slack: phoneOn(page, 'slack'),
  },
});

/** Keeps a picture of a state, where `SCREENSHOTS` names a folder. */
export const picture = async (page: Page, name: string): Promise<void> => {
  const into = process.env.SCREENSHOTS;
  if (!into) return;
  mkdirSync(into, { recursive: true });
  await page.screenshot({ path: `${into}/${name}.png` });
};

/** Ends a context, and fails when its page complained. */
export const finish = async (context: BrowserContext, complaints: string[]): Promise<void> => {
  await context.close();
  expect(complaints).toEqual([]);
};

/** A page at a fresh playground, on a screen that has room for the shop and all phones; both end with the test. */
export const onStage = async (browser: Browser) => {
  const files = folder();
  const playground = await run({ POCKETPING_DB: files.database });
  onTestFinished(async () => {
    await playground.stop();
    files.remove();
  });
  const context = await browser.newContext({
    viewport: { width: 1920, height: 1000 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(playground.url);
  return { page, ...frames(page), done: () => finish(context, complaints) };
};
