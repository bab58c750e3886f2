import type { FaultKind, FaultRule } from '@pocketping/emulators';
import type { CallName, TroubleName } from '../fate.js';
import type { AppName } from '../plan.js';
import { sessionIn, tokensIn } from '../words.js';

/** One of the team's apps: what people do in it and see of it, whichever platform it is. Ids are strings. */
export interface App {
  readonly name: AppName;
  /** The group or channel in which all its threads are. */
  readonly chatId: string;
  /** Where a session's team answers now: the newest of its threads that exists. */
  threadOf(sessionId: string): string | undefined;
  /** @returns the message's id */
  type(who: string, thread: string, text: string, replyTo?: string): string;
  edit(who: string, thread: string, id: string, text: string): void;
  /** Deletes what somebody wrote, so that the visitor does not see it any more either. */
  erase(who: string, thread: string, id: string): void;
  /** @returns the id of the message that gives it */
  command(who: string, thread: string, name: string, args?: string): string;
  /** Whether a message is still there. */
  stands(id: string): boolean;
  /** Somebody's id on the platform. */
  idOf(who: string): string;

  /** The threads that exist, with everything in them. */
  threads(): readonly SeenThread[];
  /** Somebody deletes a thread. */
  lose(thread: string): void;
  /** What people wrote in it goes with it, and the visitor is told so. */
  readonly losesWords: boolean;

  /** The next call of a kind is struck. @returns a function that withdraws it */
  strike(fault: FaultRule, call: CallName): () => void;
  /** The message that is typed now is told of after its edit, for as long as the function is not called. */
  editFirst(): () => void;
  /** What the platform tells, or the line on which it does, is troubled. @returns a function that ends it */
  trouble(name: TroubleName, seed: number): () => void;
  /** The calls of the bridge, oldest first. */
  calls(): readonly SeenCall[];
  /** What the platform may tell again. */
  readonly telling: number;
  /** Messages of whose deletion the platform has given up telling. */
  readonly untoldDeletions: readonly string[];
  /** Whether somebody listens who is told everything from now on. */
  readonly isHeard: boolean;

  /** What the server has to know. */
  readonly settings: object;
  close(): Promise<void>;
}

export interface SeenThread {
  readonly id: string;
  readonly sessionId: string | undefined;
  readonly closed: boolean;
  readonly messages: readonly SeenMessage[];
}

export interface SeenMessage {
  readonly id: string;
  readonly byBot: boolean;
  /** Everything that can be read of it. */
  readonly text: string;
  readonly replyTo?: string;
}

export interface SeenCall {
  readonly call: CallName | 'other';
  readonly thread: string;
  readonly text: string;
  readonly at: number;
  readonly faults: readonly FaultKind[];
  /** It may have worked, and nobody was told so. */
  readonly unheard: boolean;
}

/** Faults after which nobody knows whether a post was made, although it was, or may have been. */
const UNHEARD: ReadonlySet<FaultKind> = new Set([
  'server_error',
  'bad_gateway_html',
  'broken_body',
  'timeout_after',
  'reset',
]);

export const isUnheard = (faults: readonly FaultKind[]): boolean => faults.some((kind) => UNHEARD.has(kind));

/** What an emulator can do to anything that it tells. */
interface Telling {
  deliverTimes(times: number, count: number): () => void;
  reorder(count: number, how: { readonly seed: number }): () => void;
}

/** Begins a trouble. What it returns ends it, if that is a function; others end by themselves. */
type Begin = (seed: number) => unknown;

/** Troubles by name: those of every platform, and one's own. @throws Error for a name that is none of them */
export const troubling =
  (platform: Telling, own: Partial<Record<TroubleName, Begin>>): App['trouble'] =>
  (name, seed) => {
    const usual: Partial<Record<TroubleName, Begin>> = {
      twice: () => platform.deliverTimes(2, 5),
      thrice: () => platform.deliverTimes(3, 5),
      'out of order': () => platform.reorder(4, { seed }),
    };
    const begin = own[name] ?? usual[name];
    if (!begin) throw new Error(`it knows no trouble called ${name}`);
    const end = begin(seed);
    return typeof end === 'function' ? () => void end() : () => {};
  };

/** Which call one of a platform's is, by the platform's names for them. */
export const callNamed = (
  names: Readonly<Record<Exclude<CallName, 'any'>, string>>,
  name: string,
): SeenCall['call'] =>
  (Object.keys(names) as (keyof typeof names)[]).find((call) => names[call] === name) ?? 'other';

/** The session in which an utterance was said. */
export type Whose = (utterance: number) => string | undefined;

/** Whose a thread is: its card says so, or where the platform did not take that, what is said in it. */
export const ownerOf = (posts: readonly string[], whose: Whose): string | undefined => {
  const card = posts.flatMap((text) => sessionIn(text) ?? [])[0];
  if (card !== undefined) return card;
  return posts.flatMap((text) => tokensIn(text).flatMap(({ utterance }) => whose(utterance) ?? []))[0];
};

/** Which thread is whose, found once. */
export class Threads {
  readonly #sessionOf = new Map<string, string>();
  readonly #threadsOf = new Map<string, string[]>();

  /** @param list the threads that exist, oldest first @param sessionOf reads a thread's card */
  constructor(
    private readonly list: () => readonly string[],
    private readonly read: (thread: string) => string | undefined,
  ) {}

  newestOf(sessionId: string): string | undefined {
    const threads = this.list();
    for (const thread of threads) this.sessionOf(thread);
    return this.#threadsOf.get(sessionId)?.findLast((thread) => threads.includes(thread));
  }

  sessionOf(thread: string): string | undefined {
    const known = this.#sessionOf.get(thread);
    if (known !== undefined) return known;
    const sessionId = this.read(thread);
    if (sessionId === undefined) return undefined;
    this.#sessionOf.set(thread, sessionId);
    this.#threadsOf.set(sessionId, [...(this.#threadsOf.get(sessionId) ?? []), thread]);
    return sessionId;
  }
}
