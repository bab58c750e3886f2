import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, workspaces } from '../workspace.mjs';
import { headings } from './markdown.mjs';

/** In the order in which somebody meets them; what is named nowhere here comes last. */
const GROUPS = [
  ['The engine and its shells', /^(?:sdk-node|core|adapter-.*|http|protocol)$/],
  ['On the page', /^(?:widget|react)$/],
  ['Where the team answers', /^bridge-/],
  ['Where conversations and files live', /^(?:storage|files|broker)-/],
  ['For tests', /^(?:testing|emulators)$/],
  ['Others', /./],
];

/** docs/packages.md: each package with what it is and the parts of its README, which is its page. @returns {string} */
export function packageIndex() {
  const left = workspaces().filter(({ folder }) => folder.startsWith('packages/'));
  const parts = GROUPS.flatMap(([title, names]) => {
    const members = left.filter(({ folder }) => names.test(folder.replace('packages/', '')));
    for (const member of members) left.splice(left.indexOf(member), 1);
    return members.length === 0 ? [] : [`## ${title}\n\n${members.map(entry).join('\n\n')}`];
  });
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
