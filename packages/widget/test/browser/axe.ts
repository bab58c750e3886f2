import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** To be evaluated in a page, once, before `findViolations`. */
export const axe = `() => { ${source} }`;

/** Runs in a page: what axe-core finds wrong with the widget. The page around it is not its business. */
export async function findViolations(): Promise<string[]> {
  type Axe = {
    run(
      context: unknown,
    ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
  };
  const { axe } = window as unknown as { axe: Axe };
  // Colours in the middle of an animation are nobody's colours.
  const passing = () =>
    document
      .getElementById('pocketping')!
      .shadowRoot!.getAnimations()
      .filter((animation) => animation.effect?.getTiming().iterations !== Number.POSITIVE_INFINITY);
  while (passing().length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  const found = await axe.run({ include: ['#pocketping'] });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}
