import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { site } from './site.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong with the widget. The page around it is not its business. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    type Axe = {
      run(
        context: unknown,
      ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
    };
    const { axe } = window as unknown as { axe: Axe };
    const found = await axe.run({ include: ['#pocketping'] });
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  });
}

/** Keeps a picture of a state and looks for what is wrong with it. */
export const checkWith = (world: ReturnType<typeof site>) => async (page: Page, name: string) => {
  await world.picture(page, name);
  // Colours in the middle of an animation are nobody's colours.
  await page.waitForFunction(() =>
    document
      .getElementById('pocketping')!
      .shadowRoot!.getAnimations()
      .every((animation) => animation.effect?.getTiming().iterations === Number.POSITIVE_INFINITY),
  );
  expect(await violations(page), name).toEqual([]);
};
