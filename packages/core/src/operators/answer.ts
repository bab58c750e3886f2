import { bridgeQueue } from '../engine.js';
import type { Instant, Json, NewTask, TaskKey } from '../model/index.js';
import type { MessageRef } from '../ports/index.js';

/** Every platform shows this much in one message. */
const LONGEST = 1500;

/** Names the answers to a message: a later one with the same number replaces an earlier one that was not given yet. */
export const answerKey = (bridge: string, to: MessageRef, number = 1): TaskKey => ({
  queue: bridgeQueue(bridge),
  key: `answer/${to.chatId}/${to.platformId}${number === 1 ? '' : `/${number}`}`,
});

/** A task that tells somebody of the team something, where they wrote `to`. */
export const answerTask = (
  bridge: string,
  to: MessageRef,
  text: string,
  { number, runAt }: { number?: number; runAt?: Instant } = {},
): NewTask => ({
  ...answerKey(bridge, to, number),
  kind: 'answer',
  payload: { to, text: shortened(text) } as unknown as Json,
  ...(runAt !== undefined && { runAt }),
});

export interface Answer {
  readonly to: MessageRef;
  readonly text: string;
}

/** The payload of an `answer` task. */
export const answerOf = (payload: Json | undefined): Answer => payload as unknown as Answer;

/** Half of a surrogate pair is no character. */
const shortened = (text: string): string =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).replace(/\p{Cs}$/u, '')}…`;
