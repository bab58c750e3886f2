import type { Message } from '@pocketping/core';
import type { Utterance } from '../ledger.js';
import type { FakeThread, Platform, Post } from '../platform/platform.js';
import { PRIVATE } from '../platform/render.js';
import type { Stage } from '../stage.js';
import { type Word, wordsIn } from '../text.js';
import { isExcused, mayBeGivenUp } from './excuse.js';
import type { Stored } from './stored.js';

/** A message that a platform has to show. */
export interface Expected {
  readonly number: number;
  readonly message: Message;
  readonly utterance: Utterance;
  /** The engine has given it up, and says so. */
  readonly isDeadLetter: boolean;
}

/** A post, and the messages that the storage says it shows. */
export interface Shown {
  readonly post: Post;
  readonly words: readonly Word[];
  readonly messageIds: readonly string[];
}

/** What everybody else said in a session, and has not taken back. */
export const expectedOf = (
  stage: Stage,
  platform: Platform,
  { messages }: Stored,
  deadLetters: ReadonlySet<string>,
): Expected[] =>
  messages.flatMap((message) => {
    const number = stage.ledger.utteranceOf.get(message.id);
    const utterance = number === undefined ? undefined : stage.ledger.utterances.get(number);
    if (number === undefined || !utterance || message.deletedAt !== undefined) return [];
    return utterance.platform === platform.name
      ? []
      : [{ number, message, utterance, isDeadLetter: deadLetters.has(message.id) }];
  });

/**
 * A thread shows a message once, in its latest version, in the posts that the storage says are its own.
 * @param since the `seq` of the first message it shows
 */
export const checkShown = (
  platform: Platform,
  place: FakeThread,
  expected: Expected,
  shown: readonly Shown[],
  since: number,
): void => {
  const { number, message, utterance } = expected;
  if (place.damaged.has(number)) return;
  if (expected.isDeadLetter && !isTroublesome(utterance) && !mayBeGivenUp(platform, `post m${number}`)) {
    platform.stage.fail(`${platform.name} gave m${number} up, without excuse`);
  }
  const own = shown.filter(({ messageIds }) => messageIds.includes(message.id));
  // What came before the thread was lost stands in the lost one.
  if (own.length === 0) {
    if (message.seq > since && !isTroublesome(utterance) && !expected.isDeadLetter) {
      platform.stage.fail(`${place.id} on ${platform.name} passes over m${number}`);
    }
    return;
  }
  if (expected.isDeadLetter || (isTroublesome(utterance) && isRefusedNow(expected))) return;
  if (mayBeGivenUp(platform, `edit m${number}`)) return;
  // Where a change is a new post, whoever cannot tell what they posted last has to post again.
  const certain = platform.plan.can.edit
    ? own
    : own.filter(({ post }) => !isExcused(post.effect, place.sessionId));
  if (isWhole(platform, expected, own) || isWhole(platform, expected, certain)) return;
  const texts = own.map(({ post }) => `${post.id} ${post.text}`).join('\n  ');
  platform.stage.fail(
    `${place.id} on ${platform.name} should show m${number}, which is ${message.content.slice(0, 20)}, whole and once, and shows\n  ${texts}`,
  );
};

/** Every word of the message as it is now, once; earlier versions only where posts cannot be changed. */
const isWhole = ({ plan }: Platform, { number, message }: Expected, posts: readonly Shown[]): boolean => {
  const wanted = wordsIn(message.content);
  const words = posts.flatMap((each) => each.words).filter(({ utterance }) => utterance === number);
  const current = words.filter(({ version }) => version === wanted[0]?.version);
  const stale = plan.can.edit ? words.length - current.length : repeatedIn(words);
  return stale === 0 && current.map(({ index }) => index).join() === wanted.map(({ index }) => index).join();
};

/** Posts show what the storage says they show, and nothing that was deleted. */
export const checkGhosts = (
  platform: Platform,
  place: FakeThread,
  { messages }: Stored,
  shown: readonly Shown[],
): void => {
  const { stage, plan } = platform;
  const byId = new Map(messages.map((message) => [message.id, message]));
  for (const { post, words, messageIds } of shown) {
    if (messageIds.length === 0) continue;
    for (const number of new Set(words.map(({ utterance }) => utterance))) {
      const id = messageIds.find((messageId) => stage.ledger.utteranceOf.get(messageId) === number);
      const message = id === undefined ? undefined : byId.get(id);
      if (stage.ledger.utterances.get(number)?.platform === plan.name) {
        stage.fail(`${post.id} in ${place.id} echoes m${number}, which was typed there`);
      }
      if (!message) stage.fail(`${post.id} in ${place.id} shows m${number} unknowingly: ${post.text}`);
      else if (message.audience === 'team' && !post.text.includes(PRIVATE)) {
        stage.fail(`${post.id} in ${place.id} shows the private note m${number} like an answer`);
      } else if (message.deletedAt !== undefined && plan.can.edit) {
        stage.fail(`${post.id} in ${place.id} shows m${number}, which is deleted`);
      }
    }
  }
};

/** The messages stand in the order in which they were said. */
export const checkOrder = (
  platform: Platform,
  place: FakeThread,
  expected: readonly Expected[],
  shown: readonly Shown[],
): void => {
  const firsts = new Map<number, number>();
  let position = 0;
  for (const { words, messageIds } of shown) {
    for (const word of words) {
      position++;
      if (messageIds.length > 0 && word.index === 0 && !firsts.has(word.utterance)) {
        firsts.set(word.utterance, position);
      }
    }
  }
  let last = { position: 0, number: 0 };
  for (const { number, utterance } of expected) {
    const at = firsts.get(number);
    if (at === undefined || isTroublesome(utterance) || place.damaged.has(number)) continue;
    // What was given up, and came after all.
    if (hasOutgrown(platform, place, utterance) || mayBeGivenUp(platform, `post m${number}`)) continue;
    if (at < last.position) {
      platform.stage.fail(`${place.id} on ${platform.name} shows m${number} before m${last.number}`);
    }
    last = { position: at, number };
  }
};

/** It shared a post with others and was changed: what no longer fits stands further down. */
const hasOutgrown = (platform: Platform, place: FakeThread, { number, texts }: Utterance): boolean =>
  texts.length > 1 &&
  platform.made.some(({ thread, shown }) => thread === place && shown.size > 1 && shown.has(number));

/** Some version of it was more than platforms take. */
export const isTroublesome = ({ texts }: Utterance): boolean =>
  texts.some(({ refused }) => refused === 'always');

const isRefusedNow = ({ message, utterance }: Expected): boolean =>
  utterance.texts.find(({ content }) => content === message.content)?.refused === 'always';

const repeatedIn = (words: readonly Word[]): number =>
  words.length - new Set(words.map(({ version, index }) => `${version} ${index}`)).size;
