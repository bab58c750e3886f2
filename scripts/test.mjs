/**
 * `npm test`: installs, builds, and runs every test this machine allows, then the types and the style.
 * Arguments after `--` go to vitest and make it a run of just those tests: `npm test -- packages/core`.
 * `--no-browser` leaves the browser tests to whoever runs them apart (.ci/run).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { add, line, tallyFile } from './tally.mjs';
import { install, requireNode, run, say, turbo } from './workspace.mjs';

requireNode();
await install();

const given = process.argv.slice(2);
const filter = given.filter((argument) => argument !== '--no-browser');
const everything = filter.length === 0;

const reports = process.env.POCKETPING_REPORTS ?? mkdtempSync(join(tmpdir(), 'pocketping-test-'));
mkdirSync(reports, { recursive: true });

const total = { passed: 0, failed: 0, failures: [], skipped: [] };
const results = [];
const notRun = [];

await check('build', 'turbo', turbo('build'));
await suite('tests', ['run', ...filter]);
if (everything) {
  if (given.includes('--no-browser')) {
    notRun.push('the browser tests, as asked (--no-browser)');
  } else if (findChromium()) {
    await suite('browser tests', ['run', '--config', 'vitest.browser.config.ts']);
  } else {
    notRun.push(
      'the browser tests: no Chromium found (install it or set CHROMIUM_PATH; .ci/run installs it)',
    );
  }
  await check('types', 'turbo', turbo('typecheck'));
  await check('style', 'biome', ['check', '.']);
} else {
  notRun.push('types, style and browser tests: these were only the tests you named');
}
writeFileSync(
  join(reports, 'unit.checks.json'),
  JSON.stringify({ checks: results.filter((result) => !result.tests) }),
);
if (!process.env.POCKETPING_REPORTS) rmSync(reports, { recursive: true, force: true });
summarise();

/** A command that passes or fails as a whole. */
async function check(name, command, args) {
  say(name);
  const { code } = await runOrStop(command, args, { quiet: true });
  results.push({ name, ok: code === 0, text: code === 0 ? 'passed' : `failed (exit code ${code})` });
}

/** A vitest run, counted test by test. */
async function suite(name, args) {
  say(name);
  const report = join(reports, `${name === 'tests' ? 'unit' : 'browser'}.tests.json`);
  rmSync(report, { force: true });
  const { code } = await runOrStop('vitest', [
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const tally = tallyFile(report, name);
  add(total, tally);
  results.push({ name, ok: code === 0 && tally.failed === 0, text: line(tally), tests: true });
}

async function runOrStop(command, args, options) {
  const result = await run(command, args, options);
  if (result.stopped) process.exit(1);
  return result;
}

function summarise() {
  const width = Math.max(...results.map(({ name }) => name.length));
  console.log('');
  for (const { name, ok, text } of results)
    console.log(`${ok ? '\u2714' : '\u2716'} ${name.padEnd(width)}  ${text}`);
  for (const name of total.failures) console.log(`  \u2716 ${name}`);
  for (const name of total.skipped) console.log(`  \u25cb DID NOT RUN: ${name}`);
  for (const text of notRun) console.log(`\u25cb DID NOT RUN: ${text}`);
  const ok = results.every((result) => result.ok);
  console.log(ok ? '\nAll that ran has passed.' : '\nSomething failed.');
  process.exit(ok ? 0 : 1);
}
