import { posix } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { links } from '../../../scripts/docs/markdown.mjs';
import { packageGroups } from '../../../scripts/docs/package-groups.mjs';
import { workspaces } from '../../../scripts/workspace.mjs';
import { destination } from './links.js';
import type { SitePage } from './pages.js';

interface Group {
  readonly title?: string;
  readonly pages: readonly SitePage[];
}

const FIRST = 'docs/README.md';
/** Both are titled with the project's name, which stands right above them. */
const FIRST_PAGES = new Map([
  [FIRST, 'Home'],
  ['README.md', 'Overview'],
]);
const INDEX_OF_PACKAGES = 'docs/packages.md';

/**
 * What leads to every page, each once: the first pages; the sections of docs/README.md with what they link to, in their
 * order; the packages by group; the other apps; and what is left.
 */
export const sidebar = (pages: readonly SitePage[]): DefaultTheme.SidebarItem[] =>
  groupsOf(pages).map(({ title, pages: members }) => ({
    ...(title !== undefined && { text: title }),
    items: members.map((page) => ({ text: shortTitle(page), link: `/${page.route}` })),
  }));

/** The top of every page: where each section of docs/README.md begins, and the index of packages. */
export const topLinks = (pages: readonly SitePage[]): DefaultTheme.NavItemWithLink[] => {
  const sections = sectionsOf(pages).flatMap(({ title = '', pages: [begin, ...others] }) =>
    begin ? [{ title, begin, pages: [begin, ...others] }] : [],
  );
  const index = pages.filter(({ source }) => source === INDEX_OF_PACKAGES);
  return [
    ...sections.map(({ title, begin, pages: members }) => ({
      text: title,
      link: `/${begin.route}`,
      activeMatch: anyOf(members.filter((page) => !index.includes(page))),
    })),
    ...index.map(({ route }) => ({ text: 'Packages', link: `/${route}`, activeMatch: `^/${route}` })),
  ];
};

function groupsOf(pages: readonly SitePage[]): Group[] {
  const left = new Set(pages);
  const group = (title: string | undefined, wanted: readonly SitePage[]): Group => ({
    ...(title !== undefined && { title }),
    pages: wanted.filter((page) => left.delete(page)),
  });
  const of = (folders: readonly { folder: string }[]) =>
    folders.flatMap(({ folder }) => withNeighbours(`${folder}/README.md`, pages));

  return [
    group(
      undefined,
      [...FIRST_PAGES.keys()].flatMap((source) => pages.filter((page) => page.source === source)),
    ),
    ...sectionsOf(pages).map(({ title, pages: members }) => group(title, members)),
    ...packageGroups().map(({ title, members }) => group(title, of(members))),
    group('Examples and other apps', of(workspaces().filter(({ folder }) => folder.startsWith('apps/')))),
    group('How it is kept true', pages),
  ].filter(({ pages: members }) => members.length > 0);
}

/** The sections of docs/README.md, with the pages they lead to that are no package: those have groups of their own. */
function sectionsOf(pages: readonly SitePage[]): Group[] {
  const first = pages.find(({ source }) => source === FIRST);
  const [, ...sections] = (first?.text ?? '').split(/^## +/m);
  const seen = new Set<SitePage>();
  return sections.map((section) => ({
    title: section.split('\n', 1)[0] ?? '',
    pages: links(section)
      .flatMap(({ target }) => {
        const to = destination(FIRST, target, pages);
        return to.kind === 'page' && !to.page.source.startsWith('packages/') ? [to.page] : [];
      })
      .flatMap((page) => withNeighbours(page.source, pages))
      .filter((page) => !seen.has(page) && seen.add(page)),
  }));
}

/** The page, and if it is the README of a package or an app, what stands beside it there. */
const withNeighbours = (source: string, pages: readonly SitePage[]): SitePage[] => {
  const isWorkspace = /^(?:packages|apps)\/[^/]+\/README\.md$/.test(source);
  return pages
    .filter((page) =>
      isWorkspace ? posix.dirname(page.source) === posix.dirname(source) : page.source === source,
    )
    .sort((a, b) => Number(b.source === source) - Number(a.source === source));
};

/** The scope in front of a package's name says nothing among so many of them. */
const shortTitle = ({ source, title }: SitePage) =>
  FIRST_PAGES.get(source) ?? title.replace(/^@pocketping\//, '');

const anyOf = (pages: readonly SitePage[]) =>
  `^/(?:${pages.map(({ route }) => route.replaceAll('.', '\\.')).join('|')})$`;
