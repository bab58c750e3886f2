import assert from 'node:assert/strict';
import type { PhoneMessage, TelegramEmulator } from '@pocketping/emulators';
import { SqliteStorage } from '@pocketping/storage-sqlite';
import type { ChatState } from '../../packages/widget/src/client/state.js';
import type { Remains } from './lives.js';
import type { Line, Plan } from './plan.js';
import { postsIn } from './topics.js';
import type { Visitor } from './visitor.js';

/** What there is to look at when a run is over. */
export interface Evidence extends Remains {
  readonly plan: Plan;
  readonly telegram: TelegramEmulator;
  readonly visitors: readonly Visitor[];
  /** For every kill, the newest message on the platform when it was over. */
  readonly lastPosts: readonly number[];
}

/** What was allowed to happen twice, and how often it did. */
export interface Tally {
  readonly kills: number;
  /** Posts that were made again because the server died before it could record that they had been made. */
  readonly repeatedPosts: number;
  /** The same of topics. */
  readonly repeatedTopics: number;
}

/** @throws AssertionError for whatever is missing, out of order, or doubled without a kill to blame */
export const audit = async (evidence: Evidence): Promise<Tally> => {
  const { plan, visitors, fresh, logged } = evidence;
  assert.deepEqual(
    logged.filter(({ level }) => level === 'error'),
    [],
    'the server logged errors',
  );
  const repeats: number[] = [];
  for (const [session, visitor] of visitors.entries()) {
    const state = visitor.client.state();
    checkWhatTheVisitorSees(plan, session, state);
    assert.deepEqual(fresh[session]?.messages, state.messages, 'a page opened now shows the same');
    checkAcknowledgements(visitor, state);
    repeats.push(checkTopic(evidence, session, state.sessionId ?? ''));
  }
  await checkLog(evidence);
  return {
    kills: plan.kills.length,
    repeatedPosts: repeats.reduce((sum, count) => sum + count, 0),
    repeatedTopics: checkOrphans(evidence),
  };
};

/** Each line once, as it was written, in the order of its author. */
const checkWhatTheVisitorSees = (plan: Plan, session: number, { messages }: ChatState): void => {
  const shown = (sender: string) =>
    messages.filter((message) => message.sender === sender).map(({ content }) => content);
  assert.deepEqual(shown('visitor'), contents(plan.visitors, session), `visitor ${session}: their own lines`);
  assert.deepEqual(
    shown('operator'),
    contents(plan.operators, session),
    `visitor ${session}: the team's lines`,
  );
  assert.equal(new Set(messages.map(({ id }) => id)).size, messages.length);
};

const contents = (lines: readonly Line[], session: number): string[] =>
  lines.filter((line) => line.session === session).map(({ content }) => content);

/** What was acknowledged is there, under the id that the acknowledgement named, whichever of them. */
const checkAcknowledgements = ({ acknowledged }: Visitor, { messages }: ChatState): void => {
  const byName = new Map(messages.map(({ clientMessageId, id }) => [clientMessageId, id]));
  for (const { clientMessageId, messageId } of acknowledged) {
    assert.equal(byName.get(clientMessageId), messageId, `the message acknowledged as ${messageId} is there`);
  }
};

/**
 * The topic tells who writes, and then every line of the visitor once and in order, whichever post it stands in. The
 * one exception is the last post of a life: it may have been on its way, and then the next life's first post in this
 * topic begins with the same line.
 *
 * @returns how many posts were repeated
 */
const checkTopic = ({ plan, telegram, lastPosts }: Evidence, session: number, sessionId: string): number => {
  const lines = plan.visitors.filter((line) => line.session === session);
  if (lines.length === 0) return 0;
  const topics = telegram
    .topics()
    .filter(({ id }) => postsIn(telegram, id).some(({ text }) => text.includes(sessionId)));
  assert.equal(topics.length, 1, `conversation ${session} has one topic`);
  const posts = postsIn(telegram, topics[0]?.id ?? 0);
  const expected = [sessionId, ...lines.map(({ token }) => token)];
  let next = 0;
  let repeats = 0;
  let before: { readonly first: number; readonly life: number } | undefined;
  for (const post of posts) {
    const told = expected.filter((token) => post.text.includes(token));
    const life = lifeOf(lastPosts, post);
    const first = expected.indexOf(told[0] ?? '');
    const repeated = before !== undefined && first === before.first && life > before.life;
    if (repeated) repeats++;
    const wanted = expected.slice(repeated ? first : next).slice(0, Math.max(1, told.length));
    assert.deepEqual(told, wanted, `conversation ${session}, post ${post.id} of life ${life}: ${post.text}`);
    checkWords(lines, told, post);
    next = first + told.length;
    before = { first, life };
  }
  assert.equal(
    next,
    expected.length,
    `conversation ${session}: all of ${expected.length} lines are in its topic`,
  );
  return repeats;
};

/** A post says what was written, all of it. */
const checkWords = (lines: readonly Line[], told: readonly string[], { text }: PhoneMessage): void => {
  for (const { token, content } of lines) {
    if (told.includes(token)) assert.ok(text.includes(content), `${JSON.stringify(text)} holds ${content}`);
  }
};

/** Which of the server's lives a message of the bot belongs to, from 0 on. */
const lifeOf = (lastPosts: readonly number[], { id }: { readonly id: number }): number => {
  const life = lastPosts.findIndex((last) => id <= last);
  return life < 0 ? lastPosts.length : life;
};

/**
 * A topic without a post is one that a life made and did not live to note. Each stands for a conversation whose topic
 * a later life made.
 *
 * @returns how many there are
 */
const checkOrphans = ({ telegram, lastPosts }: Evidence): number => {
  const topics = telegram.topics().map(({ id }) => ({ id, used: postsIn(telegram, id).length > 0 }));
  const orphans = topics.filter(({ used }) => !used);
  for (let life = 0; life <= lastPosts.length; life++) {
    const made = orphans.filter((topic) => lifeOf(lastPosts, topic) === life).length;
    const later = topics.filter((topic) => topic.used && lifeOf(lastPosts, topic) > life).length;
    assert.ok(made <= later, `life ${life} left ${made} topics behind, and ${later} were made later`);
  }
  return orphans.length;
};

/** The log has no holes, and every line is in it once. */
export const checkLog = async ({
  file,
  plan,
  visitors,
}: Pick<Evidence, 'file' | 'plan' | 'visitors'>): Promise<void> => {
  const storage = new SqliteStorage({ file });
  await storage.init();
  try {
    for (const [session, { client }] of visitors.entries()) {
      const id = client.state().sessionId ?? '';
      const log = await storage.events(id, { after: 0, limit: 100_000 });
      assert.deepEqual(
        log.map(({ event }) => event.seq),
        log.map((_, index) => index + 1),
        `the log of conversation ${session} has no holes`,
      );
      const written = [...plan.visitors, ...plan.operators].filter((line) => line.session === session);
      const stored = log.flatMap(({ event, message }) =>
        event.type === 'message' && message ? [message] : [],
      );
      assert.deepEqual(
        stored.map(({ content }) => content).sort(),
        written.map(({ content }) => content).sort(),
      );
    }
  } finally {
    await storage.close();
  }
};
