import { bridgeQueue } from '../engine.js';
import type { Json, NewTask } from '../model/index.js';
import type { MessageRef } from '../ports/index.js';

/** A task that tells somebody of the team something, where they wrote `to`. One answer for each message. */
export const answerTask = (bridge: string, to: MessageRef, text: string): NewTask => ({
  queue: bridgeQueue(bridge),
  key: `answer/${to.chatId}/${to.platformId}`,
  kind: 'answer',
  payload: { to, text } as unknown as Json,
});

export interface Answer {
  readonly to: MessageRef;
  readonly text: string;
}

/** The payload of an `answer` task. */
export const answerOf = (payload: Json | undefined): Answer => payload as unknown as Answer;
