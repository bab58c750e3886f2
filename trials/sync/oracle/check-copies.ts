import type { App, SeenCall, SeenMessage, SeenThread } from '../apps/app.js';
import { sessionIn, tokensIn } from '../words.js';
import type { Case } from './evidence.js';

/** What stands there more often than it should, by app. */
export interface Copies {
  readonly posts: number;
  readonly threads: number;
}

/** Lanes of a bridge at work at the same time; each may have had one call under way when the server died. */
const LANES = 4;

/**
 * Every post of the bot is one that the storage knows, a recap, or tells of something else than a message. For each call
 * whose answer was lost, or which was under way when the server died, there may be another one on Telegram, which has no way
 * to ask whether a call worked. On Discord, which takes no post twice, there may be one only if nobody asks for it again,
 * because its message is deleted; on Slack there is none. Threads without a post may be left of such calls everywhere.
 */
export const checkCopies = async (found: Case): Promise<ReadonlyMap<string, Copies>> => {
  const all = new Map<string, Copies>();
  for (const app of found.apps) all.set(app.name, await copiesOn(found, app));
  return all;
};

const copiesOn = async (found: Case, app: App): Promise<Copies> => {
  const calls = app.calls();
  const excuses = excusesIn(found, calls);
  let posts = 0;
  let threads = 0;
  for (const thread of app.threads()) {
    const known = await found.storage.thread({ bridge: app.name, chatId: app.chatId, threadId: thread.id });
    if (!known) threads++;
    for (const post of thread.messages) {
      if (!post.byBot || (await isKnown(found, app, post))) continue;
      posts++;
      if (!mayBeLeft(found, app, post) || !isExcused(excuses, thread, post)) {
        found.wrong(`a copy without excuse in ${thread.id} on ${app.name}: ${post.id} ${post.text}`);
      }
    }
    checkCards(found, app, thread, excuses);
  }
  const unheard = calls.filter(({ call, unheard }) => call === 'open' && unheard).length;
  if (threads > unheard + LANES * found.deaths.length) {
    found.wrong(`${threads} threads of nobody on ${app.name}, after ${unheard} calls whose answer was lost`);
  }
  return { posts, threads };
};

const isKnown = async ({ storage }: Case, app: App, { id, text }: SeenMessage): Promise<boolean> => {
  if (tokensIn(text).length === 0 || text.startsWith('📜')) return true;
  return (await storage.links({ bridge: app.name, chatId: app.chatId, platformId: id })).length > 0;
};

const mayBeLeft = ({ messageOf }: Case, { name }: App, { text }: SeenMessage): boolean =>
  name === 'telegram' ||
  (name === 'discord' &&
    tokensIn(text).some(({ utterance }) => messageOf.get(utterance)?.deletedAt !== undefined));

/** Calls that worked, or may have, and of which nobody could note it: the answer was lost, or the server died. By what they showed. */
const excusesIn = ({ deaths }: Case, calls: readonly SeenCall[]): Map<string, number> => {
  const excused = new Set(calls.filter(({ call, unheard }) => call === 'post' && unheard));
  for (const { until } of deaths) {
    const last = new Map<string, SeenCall>();
    for (const call of calls) {
      if (call.call === 'post' && call.at <= until && keyOf(call.thread, call.text) !== undefined)
        last.set(call.thread, call);
    }
    for (const call of last.values()) excused.add(call);
  }
  const counts = new Map<string, number>();
  for (const { thread, text } of excused) {
    const key = keyOf(thread, text);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

/** What a post shows, by which it is known again. */
const keyOf = (thread: string, text: string): string | undefined => {
  const tokens = tokensIn(text).map(({ utterance, version }) => `m${utterance}e${version}`);
  const what = tokens.length > 0 ? tokens.join() : sessionIn(text);
  return what && `${thread} ${what}`;
};

const isExcused = (excuses: Map<string, number>, thread: SeenThread, { text }: SeenMessage): boolean => {
  const key = keyOf(thread.id, text) ?? '';
  const left = excuses.get(key) ?? 0;
  excuses.set(key, left - 1);
  return left > 0;
};

/** A thread has one card, and one more for each time that somebody asked for it. */
const checkCards = (
  { ledger, wrong }: Case,
  app: App,
  thread: SeenThread,
  excuses: Map<string, number>,
): void => {
  const { sessionId } = thread;
  if (sessionId === undefined) return;
  const cards = thread.messages.filter(({ byBot, text }) => byBot && sessionIn(text) === sessionId);
  const asked = ledger.given.filter(
    (one) => one.command.name === 'who' && one.app === app && one.sessionId === sessionId,
  );
  const excused = app.name === 'telegram' ? (excuses.get(`${thread.id} ${sessionId}`) ?? 0) : 0;
  if (cards.length > 1 + asked.length + excused) {
    wrong(
      `${thread.id} on ${app.name} has ${cards.length} cards: ${asked.length} were asked for, ${excused} are excused`,
    );
  }
};
