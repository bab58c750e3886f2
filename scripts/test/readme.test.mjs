import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { PROJECTS } from '../packages/compile.mjs';
import { blocks } from '../readme/blocks.mjs';
import { compile } from '../readme/compile.mjs';
import { execute } from '../readme/execute.mjs';
import { root, workspaces } from '../workspace.mjs';

const packages = workspaces().filter(({ folder }) => folder.startsWith('packages/'));
const example = 'apps/example-express';

/** The test of a package that runs the code of its README, where that is not this one or `test/readme.test.ts`. */
const RUN_BY = {
  'packages/adapter-next': 'test/served.slow.test.ts',
  'packages/widget': 'test/browser/readme.browser.test.ts',
};

const readmes = [
  // The project's own README is about what the example has installed.
  { title: 'the project', folder: example, path: 'README.md' },
  ...packages.map(({ folder }) => ({ title: folder, folder, path: `${folder}/README.md` })),
].map((readme) => {
  const text = existsSync(join(root, readme.path)) ? readFileSync(join(root, readme.path), 'utf8') : '';
  return { ...readme, text, blocks: blocks(text) };
});
const [project] = readmes;

let complaints = [];
beforeAll(() => {
  complaints = compile(readmes);
}, 120_000);

describe.each(readmes)('the README of $title', (readme) => {
  test('is there, with code', () => {
    expect(readme.text).not.toBe('');
    expect(readme.blocks.length).toBeGreaterThan(0);
  });

  test('has code that compiles', () => {
    expect(complaints[readmes.indexOf(readme)]).toEqual([]);
  });

  test('links to what exists', () => {
    const links = [...readme.text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]);
    expect(links.filter((link) => !existsSync(join(root, readme.path, '..', link)))).toEqual([]);
  });

  test('begins with code that a test runs', () => {
    if (readme === project || readme.blocks[0].run) return;
    const test = join(root, readme.folder, RUN_BY[readme.folder] ?? 'test/readme.test.ts');
    expect(existsSync(test), `mark the first block "run", or run it in ${test}`).toBe(true);
    // The contract of quick starts reads the README itself.
    expect(readFileSync(test, 'utf8')).toMatch(/README\.md|quickStartContract\(/);
  });

  for (const block of readme.blocks.filter(({ run }) => run)) {
    test(`line ${block.line} runs`, () => execute(readme.folder, block), 60_000);
  }
});

describe('the README of the project', () => {
  test('names every package', () => {
    const unnamed = packages.filter(({ folder, name }) => !project.text.includes(`[\`${name}\`](${folder})`));
    expect(unnamed.map(({ name }) => name)).toEqual([]);
  });

  test('shows the Express example as it is', () => {
    const source = readFileSync(join(root, example, 'src/server.ts'), 'utf8').trim();
    expect(project.blocks.map((block) => block.text.trim())).toContain(source);
  });
});

describe('the README of sdk-node', () => {
  const { text } = readmes.find(({ folder }) => folder === 'packages/sdk-node');
  const [, table] = /^## TypeScript\n(.*?)^## /ms.exec(text);

  test.each(Object.values(PROJECTS))('says of $module that it compiles to $type', ({ type, ...settings }) => {
    const row = table
      .split('\n')
      .find((line) =>
        Object.entries(settings).every(([name, value]) => line.includes(`"${name}": "${value}"`)),
      );
    expect(row?.split('|')[type === 'module' ? 2 : 3]).toMatch(/^ yes/);
  });
});

describe('the reading of a README', () => {
  const markdown = [
    'Text.',
    '```ts',
    'const a: number = 1;',
    '```',
    'More.',
    '```ts continues run',
    'console.log(a);',
    '```',
    '```js',
    'const b = 1;',
    '```',
    '```sh',
    'rm',
    '```',
  ].join('\n');

  test('finds the code, and joins what continues without moving a line', () => {
    const found = blocks(markdown);
    expect(found).toMatchObject([
      { line: 3, language: 'ts', run: true },
      { line: 10, language: 'js', run: false },
    ]);
    expect(found[0].text.split('\n')).toEqual(['const a: number = 1;', '', '', '', 'console.log(a);', '']);
  });

  test('tells an error with its line, and knows our packages by their sources', () => {
    const of = (folder, text) => ({
      folder,
      path: `${folder}/README.md`,
      blocks: blocks(`\`\`\`ts\n${text}\n\`\`\`\n`),
    });
    const [wrong, mistyped, fine] = compile([
      of('packages/core', 'const a: number = 1;\na.no;'),
      of(
        'packages/http',
        "import type { Clock } from '@pocketping/core';\nexport const now = (c: Clock): string => c.now();",
      ),
      of(
        'packages/protocol',
        "import { LIMITS } from '@pocketping/protocol';\nconsole.log(LIMITS.pageSize);",
      ),
    ]);
    expect(wrong).toEqual([expect.stringMatching(/^packages\/core\/README\.md:3: Property 'no'/)]);
    expect(mistyped).toEqual([expect.stringContaining("Type 'number' is not assignable to type 'string'")]);
    expect(fine).toEqual([]);
  }, 60_000);

  test('runs a block, and notices one that fails', async () => {
    const [block] = blocks(
      "```ts run\nimport { ERROR_STATUS } from '@pocketping/protocol';\nconsole.log(ERROR_STATUS.conflict satisfies number);\n```\n",
    );
    expect(await execute('packages/protocol', block)).toBe('409\n');
    await expect(execute('packages/protocol', { ...block, text: 'throw new Error("no")' })).rejects.toThrow(
      'no',
    );
  });
});
