import { readFileSync } from 'node:fs';
import * as slackWebApi from '@slack/web-api';
import * as discord from 'discord.js';
import * as grammy from 'grammy';
import { expect, test } from 'vitest';
import * as emulators from '../src/index.js';

const modules: Readonly<Record<string, unknown>> = {
  grammy,
  'discord.js': discord,
  '@slack/web-api': slackWebApi,
  '@pocketping/emulators': emulators,
};

test('the README’s examples run', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const printed: unknown[][] = [];
  for (const [, code = ''] of readme.matchAll(/```ts\n(.*?)```/gs)) {
    const body = code.replace(/^import (\{[^}]+\}) from '([^']+)';$/gm, "const $1 = modules['$2'];");
    const run = new Function('modules', 'console', `return (async () => {${body}})()`) as (
      ...values: unknown[]
    ) => Promise<void>;
    await run(modules, { log: (...line: unknown[]) => printed.push(line) });
  }
  const phone = [expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/phone$/)];
  expect(printed).toEqual([phone, [2, 1], phone, [1, 'message,message,app_mention']]);
});
