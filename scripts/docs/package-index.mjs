import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { headings } from './markdown.mjs';
import { packageGroups } from './package-groups.mjs';

/** docs/packages.md: each package with what it is and the parts of its README, which is its page. @returns {string} */
export function packageIndex() {
  const parts = packageGroups().map(
    ({ title, members }) => `## ${title}\n\n${members.map(entry).join('\n\n')}`,
  );
  return `${INTRODUCTION}\n\n${parts.join('\n\n')}\n`;
}

const INTRODUCTION = `<!-- Made by scripts/docs/package-index.mjs: \`npx vitest run scripts/test/docs --update\` writes it anew. -->

# The packages

Each package's page is its README, which stands beside its code and whose code is compiled by a test. Install only what you use.`;

const entry = ({ folder, name, manifest }) => {
  const readme = readFileSync(join(root, folder, 'README.md'), 'utf8');
  const sections = headings(readme)
    .filter(({ level }) => level === 2)
    .map(({ title, anchor }) => `[${title}](../${folder}/README.md#${anchor})`);
  return [
    `### [\`${name}\`](../${folder}/README.md)`,
    `${manifest.description.replace(/\.$/, '')}.`,
    ...(sections.length > 0 ? [sections.join(' · ')] : []),
  ].join('\n\n');
};
