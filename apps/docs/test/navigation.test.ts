import { describe, expect, test } from 'vitest';
import { packageGroups } from '../../../scripts/docs/package-groups.mjs';
import { sidebar, topLinks } from '../site/navigation.js';
import { otherMarkdown, routeOf, type SitePage, sitePages } from '../site/pages.js';

const pages = sitePages();
const groups = sidebar(pages);
const titled = (title: string) => groups.find(({ text }) => text === title)?.items?.map(({ link }) => link);

describe('the sidebar', () => {
  test('leads to every page, once', () => {
    const links = groups.flatMap(({ items = [] }) => items.map(({ link }) => link));
    expect(links.toSorted()).toEqual(pages.map(({ route }) => `/${route}`).toSorted());
  });

  test('begins with the sections of docs/README.md, in their order', () => {
    expect(groups.map(({ text }) => text).slice(0, 5)).toEqual([
      undefined,
      'Begin here',
      'Choose your way',
      'Connect the team',
      'Look something up',
    ]);
    expect(titled('Begin here')).toEqual(['/first-message/', '/production/']);
    expect(titled('Connect the team')).toEqual(['/guides/telegram/', '/guides/discord/', '/guides/slack/']);
  });

  test('has the packages in the groups of their index', () => {
    for (const { title, members } of packageGroups())
      expect(titled(title)).toEqual(members.map(({ folder }) => `/${folder}/`));
  });

  test('has what stands beside a README after it', () => {
    expect(titled('Choose your way')?.slice(0, 2)).toEqual([
      '/apps/bridge-server/',
      '/apps/bridge-server/bridge-api/',
    ]);
  });
});

describe('the top of a page', () => {
  test('leads to where each section begins, and to the packages', () => {
    expect(topLinks(pages).map(({ text, link }) => [text, link])).toEqual([
      ['Begin here', '/first-message/'],
      ['Choose your way', '/apps/bridge-server/'],
      ['Connect the team', '/guides/telegram/'],
      ['Look something up', '/troubleshooting/'],
      ['Packages', '/packages/'],
    ]);
  });

  test('marks at most one of them, on whichever page', () => {
    for (const { route } of pages) {
      const marked = topLinks(pages).filter((link) => new RegExp(link.activeMatch ?? '').test(`/${route}`));
      expect(marked.length, route).toBeLessThanOrEqual(1);
    }
  });
});

describe('a page', () => {
  test.each([
    ['docs/README.md', ''],
    ['README.md', 'overview/'],
    ['docs/guides/telegram.md', 'guides/telegram/'],
    ['packages/core/README.md', 'packages/core/'],
    ['apps/bridge-server/BRIDGE_API.md', 'apps/bridge-server/bridge-api/'],
    ['CONTRIBUTING.md', 'contributing/'],
  ])('from %s stands at /%s', (source, route) => {
    expect(routeOf(source)).toBe(route);
  });

  test('stands where no other one does', () => {
    const routes = pages.map(({ route }: SitePage) => route);
    expect(new Set(routes).size).toBe(routes.length);
  });

  test('is nothing that people are not sent to', () => {
    const others = otherMarkdown(pages);
    expect(others).toContain('trials/simulator/README.md');
    expect(others.filter((path) => pages.some(({ source }) => source === path))).toEqual([]);
  });
});
