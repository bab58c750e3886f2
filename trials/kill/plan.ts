import { type Random, randomFrom } from '../random.js';

/** One thing somebody writes. */
export interface Line {
  /** Whose conversation, from 0 on. */
  readonly session: number;
  /** Names the line and nothing else: it is found wherever the line stands, alone or among others. */
  readonly token: string;
  readonly content: string;
  /** Milliseconds after the beginning. */
  readonly at: number;
}

export interface OperatorLine extends Line {
  readonly operator: string;
}

/** One of the server's ends. */
export interface Kill {
  /** Milliseconds that it lives. */
  readonly lifeMs: number;
  /** Those begin with the process, not when it listens: it dies young. */
  readonly young: boolean;
  /** Milliseconds until the next life begins. */
  readonly deadMs: number;
}

/** What happens in one run. */
export interface Plan {
  readonly sessions: number;
  /** Oldest first. */
  readonly visitors: readonly Line[];
  /** Oldest first. */
  readonly operators: readonly OperatorLine[];
  readonly kills: readonly Kill[];
  /** How long the platform takes to answer a call whose effect is there already; milliseconds. */
  readonly answerMs: number;
  /** How long what the server says takes to reach a visitor; milliseconds. */
  readonly wireMs: number;
}

/** Lines that each side writes. */
const LINES = 200;

/** How long lives are. */
export interface Pace {
  /** The longest that a life takes, once it listens; milliseconds. */
  readonly longestMs: number;
  /** Milliseconds that a life takes together with the beginning of the next one; people write all the while. */
  readonly lifeMs: number;
}

const HASTY: Pace = { longestMs: 300, lifeMs: 450 };

const TEAM = ['Ada', 'Grace', 'Joan'];

export const planFrom = (seed: number, { longestMs, lifeMs }: Pace = HASTY): Plan => {
  const random = randomFrom(seed);
  const sessions = random.between(3, 8);
  const kills = Array.from({ length: random.between(3, 5) }, () => ({
    lifeMs: random.between(0, longestMs),
    young: random.chance(0.2),
    deadMs: random.chance(0.3) ? 0 : random.between(1, 150),
  }));
  const instants = (count: number): number[] =>
    Array.from({ length: count }, () => random.between(0, lifeMs * kills.length)).sort((a, b) => a - b);
  return {
    sessions,
    visitors: linesOf(random, sessions, instants(LINES), (session, number) => ({
      token: `v${session}-${number};`,
    })),
    operators: linesOf(random, sessions, instants(LINES), (session, number) => {
      const operator = random.pick(TEAM);
      return { token: `o${session}-${number};`, operator };
    }),
    kills,
    answerMs: random.pick([0, 3, 10, 25]),
    wireMs: random.pick([1, 5, 15, 30]),
  };
};

const linesOf = <More extends { token: string }>(
  random: Random,
  sessions: number,
  instants: readonly number[],
  more: (session: number, number: number) => More,
): (Line & More)[] => {
  const counts = new Array<number>(sessions).fill(0);
  return instants.map((at) => {
    const session = random.between(0, sessions - 1);
    const number = (counts[session] ?? 0) + 1;
    counts[session] = number;
    const named = more(session, number);
    return { session, at, content: `${named.token} ${random.pick(WORDS)}`, ...named };
  });
};

const WORDS = [
  'is the oak lamp back in stock?',
  'a & b < c, "quoted" <b>not bold</b>',
  'two\nlines',
  'jako žirafa 🦒👩‍👩‍👧',
  `long: ${'word '.repeat(60).trim()}`,
  '.',
];
