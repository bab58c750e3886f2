import { readFileSync } from 'node:fs';
import type { Fields } from '../src/content.js';

/** A body that Slack sent. */
export const fixture = (name: string): Fields & { event: Fields } =>
  JSON.parse(rawFixture(name)) as Fields & { event: Fields };

export const rawFixture = (name: string): string =>
  readFileSync(new URL(`../src/__fixtures__/${name}.json`, import.meta.url), 'utf8');
