import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { figure } from './figure.js';
import { keep, latest, machine } from './results.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pocketping-bench-results-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (at: string, ratios: Record<string, number>) => ({
  at,
  machine: machine(),
  pinning: 'none',
  ms: 1000,
  runs: 1,
  figures: Object.entries(ratios).map(([name, ratio]) =>
    figure(
      { name, title: name, unit: '/s', better: 'more', against: 'a floor' },
      { floor: [1], ours: [ratio] },
    ),
  ),
});

it('has nothing to compare with at first', () => {
  expect(latest(join(folder, 'none')).size).toBe(0);
});

it('finds the latest of each figure, also when a later run measured only some', () => {
  keep(folder, run('2026-01-01T00:00:00.000Z', { a: 0.1, b: 0.2 }), false);
  keep(folder, run('2026-01-02T00:00:00.000Z', { a: 0.3 }), false);
  const figures = latest(folder);
  expect(figures.get('a')?.ratio.median).toBe(0.3);
  expect(figures.get('b')?.ratio.median).toBe(0.2);
});

it('falls back to the reference for what was never measured here', () => {
  keep(folder, run('2026-01-02T00:00:00.000Z', { a: 0.3, b: 0.4 }), true);
  rmSync(join(folder, '2026-01-02T00-00-00.000Z.json'));
  keep(folder, run('2026-01-01T00:00:00.000Z', { a: 0.1 }), false);
  const figures = latest(folder);
  expect(figures.get('a')?.ratio.median).toBe(0.1);
  expect(figures.get('b')?.ratio.median).toBe(0.4);
});
