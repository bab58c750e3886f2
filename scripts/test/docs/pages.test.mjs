import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../packages/protocol/src/index.ts';
import { limitsTable } from '../../docs/limits-table.mjs';
import { codeIn, filled, headings, links } from '../../docs/markdown.mjs';
import { packageIndex } from '../../docs/package-index.mjs';
import { docs, pages } from '../../docs/pages.mjs';
import { blocks } from '../../readme/blocks.mjs';
import { compile } from '../../readme/compile.mjs';
import { readJson, root } from '../../workspace.mjs';

const all = pages();
const ours = docs();
const read = (path) => readFileSync(join(root, path), 'utf8');
const AGAIN = '`npx vitest run scripts/test/docs --update` writes it anew';

/** Pages whose code has a test of its own, which runs it, with the test that does. */
const RUN_ELSEWHERE = {
  'docs/guides/storage.md': 'packages/testing/test/guide/guide.test.ts',
  'docs/sdk/nodejs.md': 'packages/sdk-node/test/docs/page.ts',
};

describe.each(all)('the links of $path', ({ path, text }) => {
  test('lead to files and headings that there are', () => {
    const wrong = links(text)
      .filter(({ target }) => !/^(?:https?|mailto):/.test(target))
      .filter(({ target }) => !leads(path, target))
      .map(({ target, line }) => `${path}:${line}: ${target}`);
    expect(wrong).toEqual([]);
  });
});

describe('the docs', () => {
  let complaints = [];
  const withCode = ours
    .filter(({ path }) => !(path in RUN_ELSEWHERE))
    .map((page) => ({ ...page, folder: 'apps/example-express', blocks: blocks(page.text) }))
    .filter((page) => page.blocks.length > 0);
  beforeAll(() => {
    complaints = compile(withCode);
  }, 120_000);

  test.each(withCode)('have code that compiles in $path', (page) => {
    expect(complaints[withCode.indexOf(page)]).toEqual([]);
  });

  test('have elsewhere only the code of pages that a test reads', () => {
    for (const [path, test] of Object.entries(RUN_ELSEWHERE)) expect(read(test)).toContain(path);
  });

  test('are all within reach of the first page, and the first page of the root’s README', () => {
    const reached = new Set(['docs/README.md']);
    for (const path of reached)
      for (const { target } of links(read(path))) {
        const found = join(dirname(path), target.split('#')[0]);
        if (ours.some((page) => page.path === found)) reached.add(found);
      }
    expect(ours.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
    expect(links(read('README.md')).map(({ target }) => target)).toContain('docs/README.md');
  });

  test('show the Express example as it is', () => {
    expect(codeIn(read('docs/first-message.md'), 'ts').map(({ text }) => text)).toContain(
      read('apps/example-express/src/server.ts'),
    );
  });

  test.each(ours)('name scripts, folders and variables that there are in $path', ({ path, text }) => {
    const { scripts } = readJson(join(root, 'package.json'));
    const variables = `${read('README.md')}${read('apps/bridge-server/.env.example')}`;
    const lines = codeIn(text, 'sh', 'bash').flatMap((block) => block.text.split('\n'));
    for (const line of lines) {
      for (const [, name = 'start'] of line.matchAll(/\bnpm (?:run ([\w:]+)|(?:start|test)\b)/g))
        expect(scripts, `${path}: ${line}`).toHaveProperty([name]);
      for (const [, name] of line.matchAll(/\b([A-Z][A-Z\d_]{3,})=/g))
        expect(variables, `${path}: ${line}`).toContain(name);
    }
  });

  test('show the manifest of the Slack app that the bridge’s README has', () => {
    const manifest = (path) => codeIn(read(path), 'json')[0]?.text;
    expect(manifest('docs/guides/slack.md')).toBe(manifest('packages/bridge-slack/README.md'));
  });

  test('have the index of packages as they are', async () => {
    await expect(packageIndex(), AGAIN).toMatchFileSnapshot(join(root, 'docs/packages.md'));
  });

  test('have the limits as they are', async () => {
    const page = 'docs/production.md';
    await expect(filled(read(page), 'limits', limitsTable(LIMITS)), AGAIN).toMatchFileSnapshot(
      join(root, page),
    );
  });
});

describe('the reading of a page', () => {
  test('makes anchors as GitHub does', () => {
    const markdown =
      '# A `b` & c\n\n## What it can’t: _never_\n\n```sh\n# no heading\n```\n\n## Twice\n\n## Twice\n';
    expect(headings(markdown).map(({ anchor }) => anchor)).toEqual([
      'a-b--c',
      'what-it-cant-never',
      'twice',
      'twice-1',
    ]);
  });

  test('finds links, and none within code', () => {
    const markdown = 'See [a](b.md#c) and `[x](y)`.\n\n```md\n[no](no.md)\n```\n\n![d](<e.png>)\n';
    expect(links(markdown)).toEqual([
      { target: 'b.md#c', line: 1 },
      { target: 'e.png', line: 7 },
    ]);
  });

  test('notices a link that leads nowhere', () => {
    expect(leads('docs/README.md', '../README.md#see-it')).toBe(true);
    expect(leads('docs/README.md', '../README.md#unheard-of')).toBe(false);
    expect(leads('docs/README.md', 'nowhere.md')).toBe(false);
  });
});

/** Whether a link of a page leads to a file or folder, and to a heading of it. */
function leads(from, target) {
  const [path, anchor] = decodeURI(target).split('#');
  const found = join(root, path === '' ? from : join(dirname(from), path));
  if (!existsSync(found)) return false;
  if (anchor === undefined) return true;
  const shown = statSync(found).isDirectory() ? join(found, 'README.md') : found;
  // GitHub shows a folder’s README below that name.
  if (anchor === 'readme' && shown !== found) return existsSync(shown);
  return headings(readFileSync(shown, 'utf8')).some((heading) => heading.anchor === anchor);
}
