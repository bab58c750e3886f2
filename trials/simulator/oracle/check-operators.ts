import type { Message, Session } from '@pocketping/core';
import type { Typed } from '../people/operator.js';
import type { Platform } from '../platform/platform.js';
import type { World } from '../world.js';
import type { Stored } from './stored.js';

interface Look {
  readonly world: World;
  readonly platform: Platform;
  readonly sessions: ReadonlyMap<string, Session>;
  readonly messages: ReadonlyMap<number, Message>;
}

/** What the team typed has reached its session once and stands there as they left it; whatever has not was answered. */
export const checkOperators = (world: World, stored: readonly Stored[]): void => {
  const { ledger } = world.stage;
  const sessions = new Map(stored.map(({ session }) => [session.id, session]));
  const messages = new Map<number, Message>();
  for (const message of stored.flatMap(({ messages: list }) => list)) {
    const number = ledger.utteranceOf.get(message.id);
    if (number !== undefined) messages.set(number, message);
  }
  for (const { platform, operator } of world.operators) {
    const look = { world, platform, sessions, messages };
    for (const typed of operator.typed) checkTyped(look, typed);
    for (const { id, thread, utterance } of operator.notes) {
      if (messages.has(utterance.number)) continue;
      // Where there are no threads, what it replied to may be gone, and with it the conversation it was about.
      if (platform.plan.threadless) checkAnswered(look, id, `the note m${utterance.number}`);
      else world.stage.fail(`the note m${utterance.number}, typed as ${id} in ${thread.id}, has not arrived`);
    }
    for (const { id, thread } of operator.asked) {
      if (thread.state === 'open') checkAnswered(look, id, 'what was asked');
    }
  }
};

const checkTyped = (look: Look, typed: Typed): void => {
  const { world, messages } = look;
  const { utterance, removal } = typed;
  const message = messages.get(utterance.number);
  const what = `m${utterance.number}, typed as ${typed.id},`;
  const fail = (how: string) => world.stage.fail(`${what} ${how}`);
  if (!message) {
    if (removal) return;
    if (mustArrive(look, typed)) fail('has not arrived');
    else if (typed.thread.state === 'open') checkAnswered(look, typed.id, what);
    return;
  }
  if (typed.undeliverable) fail('cannot be delivered and was');
  if (message.deletedAt !== undefined) {
    const allowed = removal || utterance.deeds.some(({ what: deed }) => deed === 'delete');
    if (!allowed) fail('is deleted, and nobody asked for that');
    return;
  }
  if (removal?.certain) {
    fail('was deleted and is there');
    return;
  }
  const newest = typed.versions.findLast((version) => version !== undefined) ?? 0;
  if (message.content !== utterance.texts[newest]?.content && !isEnded(look, typed)) {
    fail(`should say v${newest}: ${message.content}`);
  }
};

/** Whether nothing excuses that a message did not reach its session. */
const mustArrive = (look: Look, typed: Typed): boolean => {
  if (typed.undeliverable || isEnded(look, typed)) return false;
  // Where there are no threads, only a reply says for whom it is, and what it replies to may be gone by then.
  return !look.platform.plan.threadless;
};

const isEnded = ({ sessions }: Look, { thread }: Typed): boolean =>
  sessions.get(thread.sessionId)?.status === 'ended';

const checkAnswered = ({ platform, world }: Look, id: string, what: string): void => {
  const answers = platform.answersTo(id);
  if (answers.times === 0 && !answers.excused) world.stage.fail(`${what} as ${id}, was not answered`);
};
