import { sessionIn, tokensIn } from '../words.js';

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
