import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './workspace.mjs';

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed tests that failed, and suites or checks that broke before they could say
 * @property {string[]} failures what failed, by name
 * @property {string[]} skipped what did not run, by name
 */

/**
 * Counts a report: vitest's JSON, or the `{ checks: [{ name, ok }] }` of our own scripts. A run that left no
 * report, or a report of nothing at all, is a failure: a suite must not pass by not being there.
 * @returns {Tally}
 */
export function tallyFile(path, name) {
  if (!existsSync(path)) return broken(`${name}: ended before it could report`);
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return broken(`${name}: left half a report`);
  }
  const tally = report.checks ? tallyChecks(report.checks, name) : tallyVitest(report);
  return tally.passed + tally.failed + tally.skipped.length > 0 ? tally : broken(`${name}: ran nothing`);
}

/** Every report of a folder, as one; a `<name>.exit` beside it says how that run ended, and must not contradict it. */
export function tallyFolder(folder) {
  const ends = readdirSync(folder).filter((file) => file.endsWith('.exit'));
  const total = { passed: 0, failed: 0, failures: [], skipped: [] };
  for (const file of ends) {
    const name = file.slice(0, -'.exit'.length);
    const code = Number(readFileSync(join(folder, file), 'utf8'));
    const reports = readdirSync(folder).filter(
      (report) => report.startsWith(`${name}.`) && report.endsWith('.json'),
    );
    const parts = reports.map((report) => tallyFile(join(folder, report), report.slice(0, -'.json'.length)));
    if (parts.length === 0) parts.push(broken(`${name}: ended with exit code ${code} and no report`));
    if (code !== 0 && parts.every((part) => part.failed === 0))
      parts.push(broken(`${name}: exit code ${code}`));
    for (const part of parts) add(total, part);
  }
  if (ends.length === 0) add(total, broken('nothing ran'));
  return total;
}

/** What CI reads: alone on its line, and the last one. */
export const line = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped.length} skipped`;

export function add(total, part) {
  total.passed += part.passed;
  total.failed += part.failed;
  total.failures.push(...part.failures);
  total.skipped.push(...part.skipped);
}

const broken = (what) => ({ passed: 0, failed: 1, failures: [what], skipped: [] });

function tallyChecks(checks, name) {
  const failures = checks.filter((check) => !check.ok).map((check) => `${name}: ${check.name}`);
  return { passed: checks.length - failures.length, failed: failures.length, failures, skipped: [] };
}

function tallyVitest(report) {
  const tally = { passed: 0, failed: 0, failures: [], skipped: [] };
  for (const suite of report.testResults) {
    const file = relative(root, suite.name);
    const tests = suite.assertionResults;
    for (const test of tests) {
      const title = `${file}: ${test.fullName ?? test.title}`;
      if (test.status === 'passed') tally.passed += 1;
      else if (test.status === 'failed') add(tally, broken(title));
      else tally.skipped.push(title);
    }
    const isBroken = suite.status === 'failed' && tests.every((test) => test.status !== 'failed');
    if (isBroken || tests.length === 0) add(tally, broken(`${file}: ${suite.message || 'no tests'}`));
  }
  // Errors outside every test (an unhandled rejection) fail the run without a name.
  if (!report.success && tally.failed === 0) add(tally, broken('errors outside the tests; see above'));
  return tally;
}

if (process.argv[1] === import.meta.filename) {
  const total = tallyFolder(process.argv[2]);
  for (const name of total.failures) console.log(`\u2716 ${name}`);
  for (const name of total.skipped) console.log(`\u25cb skipped: ${name}`);
  console.log(line(total));
  // On CI everything the suites need is there: what is skipped is as bad as what fails.
  process.exitCode = total.failed + total.skipped.length > 0 ? 1 : 0;
}
