import { type Random, randomFrom } from '../random.js';
import { type Fate, fateFrom } from './fate.js';
import { TEAMS_WORDS, tokenOf, VISITORS_WORDS } from './words.js';

export const APPS = ['telegram', 'discord', 'slack'] as const;
export type AppName = (typeof APPS)[number];

/** How much of it there is. */
export interface Scale {
  readonly sessions: number;
  readonly operators: number;
  /** Of both sides, notes included. */
  readonly messages: number;
  /** Milliseconds in which all of it is said. */
  readonly lengthMs: number;
  readonly kills: number;
  /** How often each fault strikes each platform. */
  readonly strikes: number;
  /** Milliseconds for which a fault waits for its call: what is struck whenever it tries does not get on. */
  readonly strikeMs: number;
  /** How often each platform loses a thread. */
  readonly losses: number;
}

export interface Operator {
  readonly name: string;
  readonly app: AppName;
  /** What they say of themselves in the end; everybody is online at first. */
  readonly leaves: boolean;
}

/** Something that somebody says, and what becomes of it. All times are milliseconds after the beginning. */
export interface Saying {
  readonly number: number;
  readonly session: number;
  /** Whoever of the team says it; undefined for the visitor. */
  readonly operator?: Operator;
  /** For the team alone. */
  readonly isNote: boolean;
  readonly at: number;
  /** By version. */
  readonly texts: readonly string[];
  readonly edits: readonly number[];
  readonly removal?: number;
  /** The utterance that it answers, if that can be seen by then. */
  readonly answers?: number;
  /** The platform tells of the edit first. */
  readonly editFirst: boolean;
  /** It comes with a file. */
  readonly withFile: boolean;
}

export interface Command {
  readonly session: number;
  readonly operator: Operator;
  readonly at: number;
  readonly name: 'who' | 'read' | 'status' | 'online' | 'offline' | 'close';
}

/** What happens in one run. */
export interface Plan {
  readonly seed: number;
  readonly scale: Scale;
  readonly team: readonly Operator[];
  /** In the order of their numbers, which is that of their times. */
  readonly sayings: readonly Saying[];
  readonly commands: readonly Command[];
  readonly fate: Fate;
}

const NAMES = ['Ada', 'Bea', 'Cleo', 'Dora', 'Emmy', 'Fay', 'Grace', 'Hedy', 'Ida', 'Joan'];

/** People change what they said no sooner than this: Telegram and Slack tell two versions of one second apart only while they are heard in order. */
const SECOND_THOUGHTS_MS = { low: 1200, high: 3500 };

export const planFrom = (seed: number, scale: Scale): Plan => {
  const random = randomFrom(seed);
  const team = NAMES.slice(0, scale.operators).map((name, number) => ({
    name,
    app: APPS[number % APPS.length] as AppName,
    leaves: number % 4 === 3,
  }));
  const sayings = sayingsFrom(random.fork(), scale, team);
  const commands = commandsFrom(random.fork(), scale, team);
  return { seed, scale, team, sayings, commands, fate: fateFrom(random.fork(), scale) };
};

const sayingsFrom = (random: Random, scale: Scale, team: readonly Operator[]): Saying[] => {
  const { sessions, messages, lengthMs } = scale;
  const instants = Array.from({ length: messages }, () => random.between(0, lengthMs)).sort((a, b) => a - b);
  // Each conversation begins with its visitor, and early, so that there is a thread to answer in.
  const opened = new Set<number>();
  const all: Saying[] = [];
  for (const [number, at] of instants.entries()) {
    const isOpening = opened.size < sessions && number % 2 === 0;
    const session = isOpening ? opened.size : random.between(0, Math.max(0, opened.size - 1));
    opened.add(session);
    const operator = isOpening || random.chance(0.55) ? undefined : random.pick(team);
    all.push({ ...sayingOf(random, number, at, operator), session, ...answering(random, all, session, at) });
  }
  return all;
};

const sayingOf = (
  random: Random,
  number: number,
  at: number,
  operator: Operator | undefined,
): Omit<Saying, 'session' | 'answers'> => {
  const isNote = operator !== undefined && random.chance(0.12);
  const later = (from: number) => from + random.between(SECOND_THOUGHTS_MS.low, SECOND_THOUGHTS_MS.high);
  const edits: number[] = [];
  // What was typed as a command stays what it is: an edit of it is answered, and changes nothing.
  while (!isNote && edits.length < 3 && random.chance(0.16)) edits.push(later(edits.at(-1) ?? at));
  const withFile = !isNote && random.chance(operator ? 0.12 : 0.06);
  const removal = random.chance(0.07) ? later(edits.at(-1) ?? at) : undefined;
  const words = operator ? TEAMS_WORDS : VISITORS_WORDS;
  return {
    number,
    at,
    ...(operator && { operator }),
    isNote,
    texts: Array.from(
      { length: edits.length + 1 },
      (_, version) => `${tokenOf(number, version)} ${random.pick(words)}`,
    ),
    edits,
    ...(removal !== undefined && { removal }),
    editFirst: operator !== undefined && !withFile && edits.length > 0 && random.chance(0.3),
    withFile,
  };
};

/** Somebody answers what was said a while ago, so that it can be seen. */
const answering = (
  random: Random,
  before: readonly Saying[],
  session: number,
  at: number,
): Pick<Saying, 'answers'> => {
  if (!random.chance(0.2)) return {};
  const old = before.filter((one) => one.session === session && !one.isNote && one.at < at - 1500).slice(-6);
  return old.length === 0 ? {} : { answers: random.pick(old).number };
};

const commandsFrom = (random: Random, scale: Scale, team: readonly Operator[]): Command[] => {
  const { sessions, messages, lengthMs } = scale;
  const commands: Command[] = team.flatMap((operator): Command[] => [
    { session: 0, operator, at: random.between(0, lengthMs / 10), name: 'online' },
    ...(operator.leaves ? [{ session: 0, operator, at: lengthMs, name: 'offline' as const }] : []),
  ]);
  for (let number = 0; number < Math.max(8, messages / 18); number++) {
    commands.push({
      session: random.between(0, sessions - 1),
      operator: random.pick(team),
      at: random.between(lengthMs / 4, lengthMs),
      name: random.pick(['who', 'read', 'status', 'close']),
    });
  }
  return commands;
};
