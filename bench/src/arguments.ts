import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Wish {
  /** Rows to run: exact names, or beginnings of names; all without any. */
  readonly rows: readonly string[];
  /** How long one round lasts. */
  readonly seconds: number;
  /** Rounds of the floor, and as many of ours. */
  readonly runs: number;
  /** Sample the server's stack in our rounds, and print where its time goes. */
  readonly profile: boolean;
  /** Also write the figures to the file that the repository keeps. */
  readonly reference: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

export const USAGE = `npm run bench -- [row …] [options]

  row              a row's name or the beginning of one; every row by default
  --seconds N      how long a round lasts (1)
  --runs N         rounds of each side (7)
  --profile        print in which functions the server spent our rounds
  --reference      also write the figures to bench/results/reference.json
  --list           print the rows
  --help           print this`;

/** @throws TypeError for what is not understood, with a sentence for the person who typed it. */
export function wishOf(args: readonly string[]): Wish {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '1' },
      runs: { type: 'string', default: '7' },
      profile: { type: 'boolean', default: false },
      reference: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const seconds = Number(values.seconds);
  const runs = Number(values.runs);
  if (!(seconds >= 0.1 && seconds <= 600)) throw new TypeError('--seconds takes a number from 0.1 to 600');
  // A conversation of 100,000 messages is read to its end by some more.
  if (!Number.isInteger(runs) || runs < 1 || runs > 20)
    throw new TypeError('--runs takes a whole number from 1 to 20');
  const { profile, reference, list, help } = values;
  return { rows: positionals, seconds, runs, profile, reference, list, help };
}

/** The names that a wish means, in their own order. @throws TypeError for a name that means none. */
export function chosen(names: readonly string[], wanted: readonly string[]): string[] {
  if (wanted.length === 0) return [...names];
  for (const name of wanted) {
    if (!names.some((row) => row.startsWith(name)))
      throw new TypeError(`there is no row ${name}; there are: ${names.join(', ')}`);
  }
  return names.filter((row) =>
    wanted.some((name) => row === name || (!names.includes(name) && row.startsWith(name))),
  );
}
