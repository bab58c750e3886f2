import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, workspaces } from '../workspace.mjs';

/** @typedef {{ path: string, text: string }} Page `path` is from the root */

const page = (path) => ({ path, text: readFileSync(join(root, path), 'utf8') });

/** The pages below docs/. @returns {Page[]} */
export const docs = () => markdownBelow('docs');

/** Every page that people are sent to: the docs, the root's, and those of each workspace. @returns {Page[]} */
export const pages = () => [
  ...docs(),
  ...markdownIn('.').map(page),
  ...workspaces().flatMap(({ folder }) => markdownIn(folder).map(page)),
];

const markdownIn = (folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));

const markdownBelow = (folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => page(join(folder, name)));
