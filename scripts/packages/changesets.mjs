import getReleasePlan from '@changesets/get-release-plan';
import { root } from '../workspace.mjs';

/**
 * The changesets can be released: each names packages that exist and says something, and every package that was
 * never released has one.
 */
export async function changesets(packages) {
  // The package is CommonJS and brings its default export as a property.
  const plan = await (getReleasePlan.default ?? getReleasePlan)(root);
  const names = new Set(packages.map(({ name }) => name));
  for (const { id, summary, releases } of plan.changesets) {
    if (summary.trim() === '') throw new Error(`.changeset/${id}.md says nothing`);
    const strangers = releases.filter(({ name }) => !names.has(name));
    if (strangers.length > 0) {
      throw new Error(`.changeset/${id}.md is for ${strangers[0].name}, which is not published`);
    }
  }
  const announced = new Set(plan.changesets.flatMap(({ releases }) => releases.map(({ name }) => name)));
  const silent = packages.filter(
    ({ name, manifest }) => manifest.version === '0.0.0' && !announced.has(name),
  );
  if (silent.length > 0) throw new Error(`no changeset for ${silent.map(({ name }) => name).join(', ')}`);
}
