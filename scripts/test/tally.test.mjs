import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tallyFolder } from '../tally.mjs';
import { root } from '../workspace.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pocketping-tally-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const leave = (name, content) =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

/** What vitest's JSON reporter writes, as far as it is read. */
const vitest = (statuses, { success = !statuses.includes('failed'), suite } = {}) => ({
  success,
  testResults: [
    {
      name: join(root, 'packages/core/test/a.test.ts'),
      status: suite ?? (statuses.includes('failed') ? 'failed' : 'passed'),
      message: '',
      assertionResults: statuses.map((status, index) => ({ status, fullName: `test ${index}` })),
    },
  ],
});

const counts = ({ passed, failed, skipped }) => [passed, failed, skipped.length];

describe('the count', () => {
  test('sums the reports of every run', () => {
    leave('unit.exit', '0\n');
    leave('unit.tests.json', vitest(['passed', 'passed']));
    leave('unit.checks.json', { checks: [{ name: 'build', ok: true }] });
    leave('browser.exit', '0\n');
    leave('browser.tests.json', vitest(['passed']));
    expect(counts(tallyFolder(folder))).toEqual([4, 0, 0]);
  });

  test('names what failed and what was skipped', () => {
    leave('unit.exit', '1\n');
    leave('unit.tests.json', vitest(['passed', 'failed', 'skipped', 'todo', 'pending']));
    leave('unit.checks.json', { checks: [{ name: 'style', ok: false }] });
    const tally = tallyFolder(folder);
    expect(counts(tally)).toEqual([1, 2, 3]);
    expect(tally.failures).toEqual(['unit.checks: style', 'packages/core/test/a.test.ts: test 1']);
    expect(tally.skipped[0]).toBe('packages/core/test/a.test.ts: test 2');
  });

  test.each([
    ['a run that left no report', () => leave('unit.exit', '0\n')],
    ['nothing at all', () => {}],
    [
      'half a report',
      () => {
        leave('unit.exit', '0\n');
        leave('unit.tests.json', '{"succ');
      },
    ],
    [
      'a report of nothing',
      () => {
        leave('unit.exit', '0\n');
        leave('unit.tests.json', { success: true, testResults: [] });
      },
    ],
    [
      'a suite that broke before its tests',
      () => {
        leave('unit.exit', '1\n');
        leave('unit.tests.json', vitest([], { success: false, suite: 'failed' }));
      },
    ],
    [
      'a file without tests',
      () => {
        leave('unit.exit', '0\n');
        leave('unit.tests.json', vitest([]));
      },
    ],
    [
      'an error outside every test',
      () => {
        leave('unit.exit', '1\n');
        leave('unit.tests.json', vitest(['passed'], { success: false }));
      },
    ],
    [
      'a crash after a good report',
      () => {
        leave('unit.exit', '139\n');
        leave('unit.tests.json', vitest(['passed']));
      },
    ],
  ])('takes %s for one failure', (_what, prepare) => {
    prepare();
    expect(tallyFolder(folder).failed).toBe(1);
  });

  test('is alone on the last line, and decides the exit code', () => {
    const tally = () =>
      spawnSync(process.execPath, ['scripts/tally.mjs', folder], { cwd: root, encoding: 'utf8' });
    leave('unit.exit', '0\n');
    leave('unit.tests.json', vitest(['passed', 'passed']));
    expect(tally()).toMatchObject({ status: 0, stdout: '2 passed, 0 failed, 0 skipped\n' });

    leave('unit.tests.json', vitest(['passed', 'skipped']));
    expect(tally().status).toBe(1);
    expect(tally().stdout).toMatch(/test 1\n1 passed, 0 failed, 1 skipped\n$/);

    leave('unit.tests.json', vitest(['failed']));
    expect(tally().status).toBe(1);
    expect(tally().stdout).toMatch(/\n0 passed, 1 failed, 0 skipped\n$/);
  });
});

test('.ci/run is a script that bash can read', () => {
  expect(() => execFileSync('bash', ['-n', join(root, '.ci/run')])).not.toThrow();
});
