import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const launcher = new URL('../dist/pocketping.js', import.meta.url);
const chat = new URL('../dist/pocketping-chat.js', import.meta.url);
const gzipped = (file: URL) => gzipSync(readFileSync(file), { level: 9 }).length;

describe.runIf(existsSync(launcher))('the built scripts (skipped before `npm run build`)', () => {
  it('are at most 6 KB for the launcher and 30 KB for all of it, gzipped', () => {
    expect(gzipped(launcher)).toBeLessThanOrEqual(6 * 1024);
    expect(gzipped(launcher) + gzipped(chat)).toBeLessThanOrEqual(30 * 1024);
  });

  it('belong together: the launcher asks for the chat by its hash', () => {
    const hash = createHash('sha256').update(readFileSync(chat)).digest('hex').slice(0, 16);
    expect(readFileSync(launcher, 'utf8')).toContain(`pocketping-chat.js?v=${hash}`);
  });
});

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
