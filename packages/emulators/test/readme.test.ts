import { readFileSync } from 'node:fs';
import * as grammy from 'grammy';
import { expect, test } from 'vitest';
import * as emulators from '../src/index.js';

const modules: Readonly<Record<string, unknown>> = { grammy, '@pocketping/emulators': emulators };

test('the README’s example runs', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const code = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const body = code.replace(/^import (\{[^}]+\}) from '([^']+)';$/gm, "const $1 = modules['$2'];");
  const printed: unknown[] = [];
  const run = new Function('modules', 'console', `return (async () => {${body}})()`) as (
    ...values: unknown[]
  ) => Promise<void>;
  await run(modules, { log: (line: unknown) => printed.push(line) });
  expect(printed).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/phone$/)]);
});
