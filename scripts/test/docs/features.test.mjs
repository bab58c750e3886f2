import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DOCUMENTS, declared, features, titlesIn } from '../../docs/features.mjs';
import { root, workspaces } from '../../workspace.mjs';

const text = readFileSync(join(root, 'docs/features.md'), 'utf8');
const rows = features(text);
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

test('each of the documents has its features, and the page says which it is', () => {
  const named = new Set(rows.flatMap((row) => row.documents));
  expect([...named].sort()).toEqual(DOCUMENTS.toSorted());
  for (const name of DOCUMENTS) expect(text).toContain(`“${name}”`);
});

describe('the reading of the table', () => {
  const [row] = features(
    '| feature | in |\n| --- | --- |\n| A door | Python, Node.js | `open` of [core](../packages/core); **not yet** `shut` | [a.test.ts](../packages/core/a.test.ts) “opens”, “creaks”; [b](b.ts) “c” |\n',
  );

  test('knows what is there, what is not, and what shows it', () => {
    expect(row).toEqual({
      title: 'A door',
      documents: ['Python', 'Node.js'],
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
