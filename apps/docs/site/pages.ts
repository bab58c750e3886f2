import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { pages } from '../../../scripts/docs/pages.mjs';
import { root } from '../../../scripts/workspace.mjs';

/** One page of the site, which is one Markdown file of the repository. */
export interface SitePage {
  /** The file, from the repository's root: `packages/core/README.md`. */
  readonly source: string;
  /** Where it stands below the site's base: `packages/core/`, and nothing for the first page. */
  readonly route: string;
  /** Its first heading, without markup. */
  readonly title: string;
  readonly text: string;
}

/**
 * Every page: docs/, the root's Markdown, and that of each workspace, as they are.
 * @throws Error if a page has no heading, or two would stand at the same address
 */
export function sitePages(): readonly SitePage[] {
  const found = pages()
    // Those are read where a release is: on the registry, and at the repository's host.
    .filter(({ path }) => !path.endsWith('CHANGELOG.md'))
    .map(({ path, text }) => ({ source: path, route: routeOf(path), title: titleOf(path, text), text }));
  for (const page of found) {
    const twin = found.find((other) => other !== page && other.route === page.route);
    if (twin) throw new Error(`${page.source} and ${twin.source} would both be the page /${page.route}`);
  }
  return found;
}

/**
 * The address of a page. Each is a folder with an index.html, so that every server of files finds it without being told how.
 */
export function routeOf(source: string): string {
  if (source === 'README.md') return 'overview/';
  const name = source
    .replace(/^docs\//, '')
    .replace(/(?:^|\/)README\.md$/, '')
    .replace(/\.md$/, '');
  return name === '' ? '' : `${name.toLowerCase().replaceAll('_', '-')}/`;
}

/** The repository's other Markdown, from its root. */
export function otherMarkdown(pages: readonly SitePage[]): string[] {
  const sources = new Set(pages.map(({ source }) => source));
  return markdownBelow('').filter((path) => !sources.has(path));
}

const markdownBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory())
      return /^(?:\..*|node_modules|dist)$/.test(entry.name) ? [] : markdownBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });

function titleOf(path: string, text: string): string {
  const title = /^# +(.+)$/m.exec(text)?.[1];
  if (title === undefined) throw new Error(`${path} has no heading, so its page would have no title`);
  return title.replaceAll(/[`*]/g, '');
}
