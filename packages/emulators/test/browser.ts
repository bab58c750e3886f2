import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

/** Chromium, for all tests of a file. */
export const chromiumForAll = (): (() => Browser) => {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_PATH ?? '',
      args: (process.env.CHROMIUM_FLAGS ?? '').split(' '),
    });
  });
  afterAll(() => browser?.close());
  return () => {
    if (!browser) throw new Error('It has not begun yet');
    return browser;
  };
};
