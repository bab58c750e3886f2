import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { axe, findViolations } from './axe.js';
import type { site } from './site.js';

/** Keeps a picture of a state and looks for what is wrong with it. */
export const checkWith = (world: ReturnType<typeof site>) => async (page: Page, name: string) => {
  await world.picture(page, name);
  await page.evaluate(`(${axe})()`);
  expect(await page.evaluate(findViolations), name).toEqual([]);
};
