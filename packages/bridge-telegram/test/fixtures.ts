import { readFileSync } from 'node:fs';
import type { Update } from 'grammy/types';

/** A recorded body of the Bot API. */
export const fixture = <T = Update>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../src/__fixtures__/${name}.json`, import.meta.url), 'utf8')) as T;
