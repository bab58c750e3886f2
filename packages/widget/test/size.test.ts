import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const bundle = new URL('../dist/pocketping.js', import.meta.url);

it.runIf(existsSync(bundle))(
  'the built script (skipped before `npm run build`) is at most 20 KB, gzipped',
  () => {
    expect(gzipSync(readFileSync(bundle), { level: 9 }).length).toBeLessThanOrEqual(20 * 1024);
  },
);

it('nothing of the protocol but its types is used', async () => {
  const { readdir } = await import('node:fs/promises');
  const folder = new URL('../src/', import.meta.url);
  const sources = (await readdir(folder, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  for (const name of sources) {
    const imports =
      readFileSync(new URL(name, folder), 'utf8').match(/import [^;]*'@pocketping\/[^']*'/g) ?? [];
    for (const statement of imports)
      expect(statement, name).toMatch(/^import type .*'@pocketping\/protocol'$/s);
  }
});
