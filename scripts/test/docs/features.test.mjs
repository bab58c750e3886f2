import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { declared, features, titlesIn } from '../../docs/features.mjs';
import { root, workspaces } from '../../workspace.mjs';

const rows = features(readFileSync(join(root, 'docs/features.md'), 'utf8'));
const packages = workspaces()
  .map(({ folder }) => folder)
  .filter((folder) => folder.startsWith('packages/'));

describe.each(rows.map((row) => [row.title, row]))('the feature “%s”', (_title, row) => {
  test('is shown by tests that there are, or is not there', () => {
    if (!row.missing) expect(row.tests).not.toEqual([]);
    for (const { file, titles } of row.tests) {
      expect(existsSync(join(root, file)), file).toBe(true);
      expect(titles, file).not.toEqual([]);
      const all = [...titlesIn(join(root, file))];
      expect(titles.filter((title) => !all.includes(title))).toEqual([]);
    }
  });

  test('has names that its packages export', () => {
    if (row.names.length > 0) expect(row.packages).not.toEqual([]);
    const known = row.packages.map(declared);
    expect(row.names.filter((name) => !known.some((names) => names.has(name)))).toEqual([]);
  });

  test('is said to be missing only as long as it is', () => {
    const known = packages.map(declared);
    expect(row.absent.filter((name) => known.some((names) => names.has(name)))).toEqual([]);
  });
});

test('each of the documents has its features', () => {
  const seeds = new Set(rows.flatMap((row) => row.seeds));
  expect([...seeds].sort()).toEqual(['000', '001', '002', '003']);
});

describe('the reading of the table', () => {
  const [row] = features(
    '| feature | in |\n| --- | --- |\n| A door | 000, 002–003 | `open` of [core](../packages/core); **not yet** `shut` | [a.test.ts](../packages/core/a.test.ts) “opens”, “creaks”; [b](b.ts) “c” |\n',
  );

  test('knows what is there, what is not, and what shows it', () => {
    expect(row).toEqual({
      title: 'A door',
      seeds: ['000', '002', '003'],
      missing: true,
      names: ['open'],
      absent: ['shut'],
      packages: ['packages/core'],
      tests: [
        { file: 'packages/core/a.test.ts', titles: ['opens', 'creaks'] },
        { file: 'docs/b.ts', titles: ['c'] },
      ],
    });
  });

  test('knows what a package has, and what not', () => {
    const core = declared('packages/core');
    expect(core.has('PocketPing')).toBe(true);
    expect(core.has('emitEvent')).toBe(true);
    expect(core.has('unheardOf')).toBe(false);
  });
});
