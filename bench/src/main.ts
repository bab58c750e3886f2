import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chosen, USAGE, type Wish, wishOf } from './arguments.js';
import { Bench } from './bench.js';
import { change } from './comparison.js';
import type { Figure } from './figure.js';
import { pinLoad } from './pinning.js';
import { hottest, type Profile, selfTimes } from './profile.js';
import { keep, latest, machine } from './results.js';
import { rows } from './rows/index.js';
import { table } from './table.js';

const RESULTS = join(import.meta.dirname, '..', 'results');

try {
  const wish = wishOf(process.argv.slice(2));
  const names = chosen(
    rows.map(({ name }) => name),
    wish.rows,
  );
  if (wish.help) console.log(USAGE);
  else if (wish.list) for (const { name, title } of rows) console.log(`${name.padEnd(20)} ${title}`);
  else await measure(names, wish);
} catch (error) {
  console.error(error instanceof TypeError ? `${error.message}\n\n${USAGE}` : error);
  process.exitCode = 1;
}

async function measure(names: readonly string[], { seconds, runs, profile, reference }: Wish): Promise<void> {
  const pinning = pinLoad();
  const { processor, cores, node } = machine();
  const before = latest(RESULTS);
  console.log(
    `${processor}, ${cores} cores, Node ${node}; ${pinning.description}; ${runs} rounds of ${seconds} s\n`,
  );

  const bench = new Bench({ ms: seconds * 1000, runs, profile }, pinning);
  const figures: Figure[] = [];
  for (const row of rows.filter(({ name }) => names.includes(name))) {
    console.log(`▸ ${row.name}: ${row.title} …`);
    figures.push(...(await row.measure(bench).finally(() => spent(bench))));
  }

  const lines = figures.map((figure) => {
    const then = before.get(figure.name);
    return { figure, ...(then && { change: change(then, figure) }) };
  });
  console.log(`\n${table(lines)}\n`);
  // The profiler slows down what it looks at.
  if (profile) return;
  const at = new Date().toISOString();
  const results = { at, machine: machine(), pinning: pinning.description, ms: seconds * 1000, runs, figures };
  console.log(`Kept as ${keep(RESULTS, results, reference)}`);
}

/** Ends what a row has started, and prints its profiles if there are any. */
async function spent(bench: Bench): Promise<void> {
  const made = await bench.end();
  if (made.length === 0) return;
  const profiles = made.map(({ file }) => JSON.parse(readFileSync(file, 'utf8')) as Profile);
  const requests = made.reduce((sum, one) => sum + (one.requests ?? 0), 0);
  console.log(`\n${hottest(selfTimes(profiles), requests)}\n`);
  console.log(`The last of ${made.length}, for the developer tools of Chromium: ${made.at(-1)?.file}\n`);
}
