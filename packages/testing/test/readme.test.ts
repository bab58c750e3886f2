import { readFileSync } from 'node:fs';
import { MemoryStorage } from '@pocketping/core';
import { storageContract } from '@pocketping/testing';
import { describeWith, postgresDatabase } from '@pocketping/testing/servers';
import { afterAll, expect, it, vi } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code);

/** What the examples import, the runner’s `it` counting what runs. */
const ran: string[] = [];
const names = {
  MemoryStorage,
  storageContract,
  describeWith,
  postgresDatabase,
  afterAll,
  it: (title: string, test: () => unknown) =>
    it(title, async () => {
      ran.push(title);
      await test();
    }),
  console: { log: vi.fn() },
};

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<unknown>;

// They are suites: what they call registers tests in this file, which run like others.
for (const code of examples)
  await new AsyncFunction(...Object.keys(names), code.replace(/^import .*$/gm, ''))(...Object.values(names));

it('the README’s two examples are suites that run', () => {
  expect(examples).toHaveLength(2);
  expect(examples[0]).toContain('storageContract({');
  expect(ran).toEqual(['keeps what it is given']);
  expect(names.console.log).toHaveBeenCalledWith(expect.stringMatching(/^postgres/));
});
