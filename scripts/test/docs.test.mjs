import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blocks } from '../readme/blocks.mjs';
import { compile } from '../readme/compile.mjs';
import { root } from '../workspace.mjs';

const path = 'docs/sdk/nodejs.md';
const text = readFileSync(join(root, path), 'utf8');

/** What the page takes for granted. */
const freeNames = {
  line: 0,
  language: 'ts',
  text: `
    import type { PocketPing as Sdk, Storage } from '@pocketping/sdk-node';
    import type { Redis as Client } from 'ioredis';
    declare global {
      const PocketPing: typeof Sdk;
      const pp: Sdk;
      type Redis = Client;
      const redis: Redis;
      const analytics: { track(event: string, properties: object): void };
      const RedisStorage: new () => Storage;
    }
  `,
};

test('the page about Node.js has code that compiles, but for one answer of Redis that it hands on as it is', () => {
  const [complaints] = compile([{ folder: 'packages/sdk-node', path, blocks: [...blocks(text), freeNames] }]);
  const line = text.split('\n').findIndex((line) => line.includes('hgetall')) + 1;
  expect(complaints).toEqual([
    expect.stringMatching(new RegExp(`^${path}:${line}: Type 'Record<string, string>' is (missing|not)`)),
  ]);
}, 120_000);

test('the page about Node.js links to what exists', () => {
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]);
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((link) => !existsSync(join(root, path, '..', link)))).toEqual([]);
});
