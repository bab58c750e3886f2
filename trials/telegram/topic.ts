import type { FaultKind, PhoneMessage } from '@pocketping/emulators';
import { expect } from 'vitest';
import type { Guest } from './guest.js';
import { wordsIn } from './seen.js';
import type { World } from './world.js';

/**
 * What the team sees of a conversation: each message once, in order, as it stands now; what was shown in a topic that was
 * deleted since may be missing. The engine knows each post, but for copies that a call made whose answer was lost.
 */
export const checkTopic = async (world: World, guest: Guest, { isLate = false } = {}): Promise<void> => {
  const shown: string[] = [];
  for (const { id, words, deleted } of guest.said) {
    const links = await world.storage.links({ bridge: 'telegram', messageId: id });
    const there = links.flatMap(({ platformId }) => {
      const post = world.telegram.message(Number(platformId));
      return post && !post.deleted && world.telegram.topic(post.topicId)?.deleted === false ? [post] : [];
    });
    const said = there.flatMap(({ text }) => wordsIn(text)).filter((word) => words.includes(word));
    expect(said, `${words[0]} in the topic`).toEqual(deleted || there.length === 0 ? [] : [words.at(-1)]);
    if (!deleted && links.length === 0)
      expect(recapped(world, guest), `${words[0]} is recapped`).toContain(words[0]);
    shown.push(...said);
  }
  const posts = postsOf(world, guest);
  const known = await Promise.all(posts.map((post) => isKnown(world, post)));
  const inOrder = posts.filter((_, at) => known[at]).flatMap(({ text }) => wordsIn(text));
  // What somebody tried again stands below what was said after it.
  const order = (words: string[]) => (isLate ? words.toSorted() : words);
  expect(order(inOrder), `the order of ${guest.name}`).toEqual(order(shown));
  const copies = posts.filter((_, at) => !known[at]).map(({ text }) => text);
  expect(unexcused(world, copies), `doubled of ${guest.name} without need`).toEqual([]);
};

/** The bot's posts with words of a visitor, recaps aside, in topics that exist. */
const postsOf = ({ telegram }: World, guest: Guest): PhoneMessage[] =>
  telegram
    .topics()
    .flatMap(({ id }) => telegram.messages(id))
    .filter(
      ({ from, text }) =>
        from.isBot && !isRecap(text) && wordsIn(text).some((word) => guest.chosenAt.has(word)),
    );

const isRecap = (text: string): boolean => text.startsWith('📜');

const recapped = ({ telegram }: World, guest: Guest): string[] =>
  telegram
    .topics()
    .flatMap(({ id }) => telegram.messages(id))
    .filter(({ text }) => isRecap(text))
    .flatMap(({ text }) => wordsIn(text))
    .filter((word) => guest.chosenAt.has(word))
    .map((word) => word.replace(/e\d+$/, ''));

const isKnown = async ({ storage, telegram }: World, { id }: PhoneMessage): Promise<boolean> => {
  const key = { bridge: 'telegram', chatId: telegram.forumChatId, platformId: String(id) };
  return (await storage.links(key)).length > 0;
};

/** Of texts that stand there once too often, those that no call of lost outcome has posted. */
const unexcused = ({ telegram }: World, copies: readonly string[]): string[] => {
  const excuses = telegram.calls
    .filter(({ method, faults = [] }) => method === 'sendMessage' && faults.some(isUncertain))
    .map(({ params }) => String(params.text));
  return copies.filter((text) => {
    const at = excuses.indexOf(text);
    if (at >= 0) excuses.splice(at, 1);
    return at < 0;
  });
};

/** The call worked, and nobody was told so. */
const isUncertain = (kind: FaultKind): boolean => kind === 'timeout_after' || kind === 'broken_body';
