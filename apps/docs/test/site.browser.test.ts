import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headings, slugOf } from '../../../scripts/docs/markdown.mjs';
import { workspaces } from '../../../scripts/workspace.mjs';
import { sitePages } from '../site/pages.js';
import { type BuiltSite, builtSite } from './built-site.js';
import { codeBlocks, letters, lettersOf } from './markdown-text.js';
import { violationsOn } from './violations.js';

const BASE = '/handbook/';
const REPOSITORY = 'https://git.example/acme/pocketping';
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 375, height: 740 };

const pages = sitePages();
const folders = workspaces()
  .map(({ folder }) => folder)
  .filter((folder) => /^(?:packages|apps)\//.test(folder));

let site: BuiltSite;
let browser: Browser;
let readings: Map<string, Reading>;
beforeAll(async () => {
  [site, browser] = await Promise.all([
    builtSite(BASE, REPOSITORY),
    chromium.launch({
      executablePath: process.env.CHROMIUM_PATH ?? '',
      args: process.env.CHROMIUM_FLAGS?.split(' ') ?? [],
    }),
  ]);
  readings = await readAll();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

describe.each(pages.map((page) => [page.source, page]))('the page of %s', (_source, page) => {
  const reading = () => readings.get(page.route) as Reading;

  test('says what the file says', () => {
    expect(letters(reading().text)).toBe(lettersOf(page.text));
    expect(reading().code).toEqual(codeBlocks(page.text));
  });

  test('has a title that begins with the page’s name', async () => {
    const named = /^# +(.+)$/m.exec(page.text)?.[1]?.replaceAll(/[`*]/g, '');
    expect(reading().title).toMatch(/^(?:(.+) \| )?PocketPing$/);
    expect(reading().title.replace(' | PocketPing', '')).toBe(named);
  });

  test('has the file’s headings, with the anchors that its host gives them', () => {
    expect(reading().headings.map(({ id }) => id)).toEqual(headings(page.text).map(({ anchor }) => anchor));
    for (const { id, text } of reading().headings)
      expect(id).toMatch(new RegExp(`^${slugOf(text)}(?:-\\d+)?$`));
  });

  test('leads only to pages and headings that there are, or away from the site', () => {
    expect(reading().links).not.toEqual([]);
    expect(reading().links.filter((href) => !leads(page.route, href))).toEqual([]);
  });
});

describe('every page', () => {
  test('asks no other host, meets no error and, on a phone, is as wide as it', async () => {
    const wrong: string[] = [];
    const look = async (routes: string[]) => {
      const page = await open(PHONE, wrong);
      for (const route of routes) {
        await visit(page, route);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > PHONE.width) wrong.push(`/${route} is ${width} wide`);
      }
    };
    const [some, others] = [0, 1].map((half) => pages.filter((_page, index) => index % 2 === half));
    await Promise.all([some, others].map((half = []) => look(half.map(({ route }) => route))));
    expect(wrong).toEqual([]);
  });

  test('is in the sidebar, and so is every package and app', async () => {
    const page = await open(DESK);
    await visit(page, '');
    const links = await page
      .locator('.VPSidebar a')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links).toEqual(expect.arrayContaining(pages.map(({ route }) => `${BASE}${route}`)));
    expect(links).toEqual(expect.arrayContaining(folders.map((folder) => `${BASE}${folder}/`)));
  });
});

test('a click in the sidebar opens a package’s page, and one at the top the next', async () => {
  const wrong: string[] = [];
  const page = await open(DESK, wrong);
  await visit(page, '');
  await page.locator('.VPSidebar').getByText('bridge-telegram', { exact: true }).click();
  await page.getByRole('heading', { level: 1, name: '@pocketping/bridge-telegram' }).waitFor();
  await page.locator('.VPNavBar').getByText('Look something up').click();
  await page.getByRole('heading', { level: 1, name: 'Troubleshooting' }).waitFor();
  expect(page.url()).toBe(`${site.address}troubleshooting/`);
  expect(wrong).toEqual([]);
});

test('the search finds every package and app', async () => {
  const wrong: string[] = [];
  const page = await open(DESK, wrong);
  await visit(page, '');
  await page.keyboard.press('Control+k');
  const box = page.locator('.VPLocalSearchBox input');
  const missed: string[] = [];
  for (const { source, route, title } of pages.filter(({ source }) =>
    folders.some((one) => source === `${one}/README.md`),
  )) {
    await box.fill(title);
    const result = page.locator(`.VPLocalSearchBox .results a[href^="${BASE}${route}#"]`);
    await result
      .first()
      .waitFor({ timeout: 5_000 })
      .catch(() => missed.push(source));
  }
  expect(missed).toEqual([]);
  expect(wrong).toEqual([]);
});

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  test.each(['', 'packages/bridge-telegram/', 'troubleshooting/'])('/%s bars nobody', async (route) => {
    const page = await open(DESK, [], colorScheme);
    await visit(page, route);
    const isDark = await page.locator('html').evaluate((html) => html.classList.contains('dark'));
    expect(isDark).toBe(colorScheme === 'dark');
    expect(await violationsOn(page)).toEqual([]);
  });
});

test('a table that is wider than a phone scrolls by itself', async () => {
  const page = await open(PHONE);
  await visit(page, 'features/');
  const table = page.locator('.vp-doc .table').first();
  const [whole, shown] = await table.evaluate((box) => [box.scrollWidth, box.clientWidth]);
  expect(whole).toBeGreaterThan(shown ?? 0);
  await table.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => table.evaluate((box) => box.scrollLeft)).toBeGreaterThan(0);
});

test('a table of three columns, such as one of options, fits a phone', async () => {
  const page = await open(PHONE);
  for (const route of ['packages/sdk-node/', 'packages/adapter-node/', 'packages/core/']) {
    await visit(page, route);
    const tables = await page
      .locator('.vp-doc .table:has(tr > :nth-child(3)):not(:has(tr > :nth-child(4)))')
      .all();
    expect(tables).not.toEqual([]);
    for (const table of tables) {
      const [whole, shown] = await table.evaluate((box) => [box.scrollWidth, box.clientWidth]);
      expect([route, whole]).toEqual([route, shown]);
    }
  }
});

test('what is no page is linked to in the repository', () => {
  expect(readings.get('overview/')?.links).toContain(`${REPOSITORY}/blob/HEAD/LICENSE`);
});

interface Reading {
  /** Of the window. */
  readonly title: string;
  readonly text: string;
  readonly code: string[];
  readonly headings: { id: string; text: string }[];
  readonly links: string[];
}

/** What each page's HTML has below its heading, without what the site adds: permalinks, names of languages, titles of code. */
async function readAll(): Promise<Map<string, Reading>> {
  const page = await browser.newPage();
  const all = new Map<string, Reading>();
  for (const { route } of pages) {
    const reading = await page.evaluate(
      (html) => {
        const whole = new DOMParser().parseFromString(html, 'text/html');
        const content = whole.querySelector('.vp-doc');
        if (!content) throw new Error('has no content');
        const links = [...content.querySelectorAll('a[href]')].map((link) => link.getAttribute('href') ?? '');
        for (const added of content.querySelectorAll('.header-anchor, .lang, button.copy, figcaption'))
          added.remove();
        return {
          title: whole.title,
          text: content.textContent ?? '',
          code: [...content.querySelectorAll('pre > code')].map((code) => (code.textContent ?? '').trimEnd()),
          headings: [...content.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(({ id, textContent }) => ({
            id,
            text: (textContent ?? '').trim(),
          })),
          links,
        };
      },
      await site.html(route),
    );
    all.set(route, reading);
  }
  await page.close();
  return all;
}

function leads(route: string, href: string): boolean {
  if (/^[a-z]+:/.test(href)) return true;
  const { pathname, hash } = new URL(href, `http://localhost${BASE}${route}`);
  const to = pathname.startsWith(BASE) ? readings.get(pathname.slice(BASE.length)) : undefined;
  if (!to || hash === '') return to !== undefined;
  return to.headings.some(({ id }) => id === decodeURIComponent(hash.slice(1)));
}

/** A window of its own. What goes wrong in it, or is asked of another host, is written into `wrong`. */
async function open(
  viewport: { width: number; height: number },
  wrong: string[] = [],
  colorScheme: 'light' | 'dark' = 'light',
): Promise<Page> {
  const page = await browser.newPage({ viewport, colorScheme });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(site.address) && !request.url().startsWith('data:'))
      wrong.push(`asks ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) wrong.push(`${response.status()} ${response.url()}`);
  });
  return page;
}

/** Opens a page, and waits until it is alive. */
async function visit(page: Page, route: string): Promise<void> {
  await page.goto(`${site.address}${route}`);
  await page.waitForFunction(() => '__vue_app__' in (document.querySelector('#app') ?? {}));
}
