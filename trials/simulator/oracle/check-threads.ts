import type { StoragePort, Thread } from '@pocketping/core';
import type { FakeThread, Platform, Post } from '../platform/platform.js';
import { NOTE, titleOf } from '../platform/render.js';
import { recappedIn, wordsIn } from '../text.js';
import type { World } from '../world.js';
import {
  checkGhosts,
  checkOrder,
  checkShown,
  type Expected,
  expectedOf,
  isTroublesome,
  type Shown,
} from './check-shown.js';
import { isExcused, mayBeGivenUp } from './excuse.js';
import type { Stored } from './stored.js';

/** Every session that was reached has its thread, and the thread shows what was said. */
export const checkThreads = async (
  { stage, storage }: World,
  platform: Platform,
  stored: readonly Stored[],
): Promise<{ posts: number; repeated: number }> => {
  const letters = await storage.states('dead-letters');
  const deadLetters = new Set(
    letters.flatMap(({ key }) =>
      key.startsWith(`${platform.name}/`) ? [key.slice(platform.name.length + 1)] : [],
    ),
  );
  const count = { posts: platform.made.length, repeated: repeatedNotes(platform) };
  for (const each of stored) {
    const { session } = each;
    if (session.reachedAt === undefined) continue;
    const at = { bridge: platform.name, sessionId: session.id };
    const thread = await storage.thread(at);
    if (!thread) {
      stage.fail(`${session.id} has no thread on ${platform.name}`);
      continue;
    }
    await checkOthers(platform, each, storage, thread);
    const expected = expectedOf(stage, platform, each, deadLetters);
    const place = platform.threads.get(thread.threadId);
    if (!place) {
      stage.fail(`${session.id} lives in ${thread.threadId} of ${platform.name}, which was never there`);
      continue;
    }
    const shown = await shownIn(platform, place, storage);
    if (place.state === 'open') {
      checkPlace(platform, place, each);
      checkGhosts(platform, place, each, shown);
      const here = new Set(shown.flatMap(({ messageIds }) => messageIds));
      const first = expected.find(
        ({ message, utterance }) => here.has(message.id) && !isTroublesome(utterance),
      );
      const since = first?.message.seq ?? Number.POSITIVE_INFINITY;
      for (const one of expected) checkShown(platform, place, one, shown, since);
      checkOrder(platform, place, expected, shown);
      count.repeated += checkStrangers(platform, place, shown);
    }
    checkCovered(platform, place, each, { expected, shown });
  }
  return count;
};

/** What stands in a thread, and what of it the storage knows. */
const shownIn = async (platform: Platform, place: FakeThread, storage: StoragePort): Promise<Shown[]> =>
  Promise.all(
    place.posts.map(async (post) => {
      const key = { bridge: platform.name, chatId: platform.chatId, platformId: post.id };
      const links = await storage.links(key);
      // That somebody asked to delete it is kept of a post that shows no message, too.
      const messageIds = links.map(({ messageId }) => messageId).filter((id) => id !== '');
      return { post, words: wordsIn(post.text), messageIds };
    }),
  );

/** Posts that the storage knows nothing of show something only where nobody could have known. */
const checkStrangers = (platform: Platform, place: FakeThread, shown: readonly Shown[]): number => {
  let repeated = 0;
  for (const { post, messageIds } of shown) {
    if (post.text.includes(NOTE) || messageIds.length > 0) continue;
    repeated++;
    if (!isExcused(post.effect, place.sessionId)) {
      platform.stage.fail(`${post.id} on ${platform.name} is nobody's, without excuse: ${post.text}`);
    }
  }
  return repeated;
};

/** Threads that were opened for the session and are not the storage's: only where nobody could have known. */
const checkOthers = async (
  platform: Platform,
  { session }: Stored,
  storage: StoragePort,
  current: Thread,
): Promise<void> => {
  for (const { id, sessionId, opened } of platform.threads.values()) {
    if (sessionId !== session.id || id === current.threadId) continue;
    const known = await storage.thread({ bridge: platform.name, chatId: platform.chatId, threadId: id });
    if (!known && !isExcused(opened, sessionId)) {
      platform.stage.fail(`${id} on ${platform.name} was opened in vain, without excuse`);
    }
    if (known && known.retiredAt === undefined) {
      platform.stage.fail(
        `${sessionId} lives in two threads of ${platform.name}: ${id}, ${current.threadId}`,
      );
    }
  }
};

const checkPlace = (platform: Platform, place: FakeThread, { session }: Stored): void => {
  const { plan, stage } = platform;
  const cards = platform.made.filter(({ thread, text }) => thread === place && /\bcard: /.test(text));
  if (cards.length === 0) stage.fail(`${place.id} on ${plan.name} has no card`);
  const only =
    [...platform.threads.values()].filter(({ sessionId }) => sessionId === session.id).length === 1;
  if (mayBeGivenUp(platform, `thread ${place.id}`)) return;
  if (plan.can.close && only && place.closed !== (session.status !== 'open')) {
    stage.fail(
      `${place.id} on ${plan.name} is ${place.closed ? '' : 'not '}closed, and ${session.id} ${session.status}`,
    );
  }
  const { visitorId, identity, id: sessionId, createdAt: startedAt, metadata } = session;
  const title = titleOf({ visitorId, sessionId, startedAt, metadata, ...(identity && { identity }) });
  if (plan.can.rename && place.title !== title) {
    stage.fail(`${place.id} on ${plan.name} is called ${place.title} and not ${title}`);
  }
};

/** Of how many messages a recap reminds. */
const RECAPPED = 10;

/** What the thread does not show itself stood in one that was lost, or is recapped. */
const checkCovered = (
  platform: Platform,
  place: FakeThread,
  { messages }: Stored,
  { expected, shown }: { expected: readonly Expected[]; shown: readonly Shown[] },
): void => {
  const threads = [...platform.threads.values()].filter(({ sessionId }) => sessionId === place.sessionId);
  const posts = platform.made.filter(({ thread }) => thread.sessionId === place.sessionId);
  const recapped = new Set(posts.flatMap(({ text }) => recappedIn(text)).map(({ utterance }) => utterance));
  for (const { number, message } of expected) {
    const covered = threads.some((thread) => thread.shown.has(number)) || recapped.has(number);
    if (!covered && !posts.some(({ text }) => text.includes(message.id))) {
      platform.stage.fail(`${platform.name} never showed m${number}`);
    }
  }
  const here = shown.flatMap(({ messageIds }) => messageIds);
  const first = expected.findIndex(
    ({ message, utterance }) => here.includes(message.id) && !isTroublesome(utterance),
  );
  const before = first < 0 ? undefined : expected[first - 1];
  if (place.state !== 'open' || threads.length < 2 || !before) return;
  const since = expected[first]?.message.seq ?? 0;
  const newer = messages.filter(({ seq }) => seq > before.message.seq && seq < since);
  if (newer.length >= RECAPPED) return;
  if (place.damaged.has(before.number) || isTroublesome(before.utterance) || before.isDeadLetter) return;
  if (!isRecapped(platform, place, before.number)) {
    platform.stage.fail(
      `${place.id} on ${platform.name} goes on after m${before.number} without recapping it`,
    );
  }
};

const isRecapped = (platform: Platform, place: FakeThread, number: number): boolean =>
  platform.made.some(
    ({ thread, text }) => thread === place && recappedIn(text).some(({ utterance }) => utterance === number),
  );

/** Notes that were posted more than once: all but one of each only where nobody could have known. */
const repeatedNotes = (platform: Platform): number => {
  const byNonce = new Map<string, Post[]>();
  for (const post of platform.made) {
    if (!post.text.includes(NOTE)) continue;
    const key = `${post.thread.id} ${post.nonce}`;
    byNonce.set(key, [...(byNonce.get(key) ?? []), post]);
  }
  let repeated = 0;
  for (const posts of byNonce.values()) {
    repeated += posts.length - 1;
    const known = posts.filter(({ effect, thread }) => !isExcused(effect, thread.sessionId));
    if (known.length > 1) {
      platform.stage.fail(
        `${known[0]?.id} on ${platform.name} was repeated without excuse: ${known[0]?.text}`,
      );
    }
  }
  return repeated;
};
