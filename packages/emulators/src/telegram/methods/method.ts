import { badRequest, kicked } from '../errors.js';
import type { Forum } from '../forum.js';
import { integer, type Params, text } from '../params.js';
import { GENERAL, type StoredTopic } from '../state.js';
import type { UpdateQueue } from '../updates.js';

export interface MethodContext {
  readonly forum: Forum;
  readonly updates: UpdateQueue;
  /** Aborted when the client hangs up or the emulator closes. */
  readonly signal: AbortSignal;
}

/** One Bot API method: answers the `result`, or throws an ApiError. */
export type Method = (context: MethodContext, params: Params) => unknown;

/**
 * Checks that `chat_id` names the group and that the bot is in it.
 * @throws ApiError as the platform words it
 */
export function inChat({ forum }: MethodContext, params: Params): void {
  const chatId = text(params, 'chat_id')?.trim();
  if (!chatId) throw badRequest('chat_id is empty');
  if (Number(chatId) !== forum.state.chat.id) throw badRequest('chat not found');
  if (forum.state.membership.status === 'kicked') throw kicked();
}

/** The topic a message is meant for: General without `message_thread_id`. */
export function targetTopic({ forum }: MethodContext, params: Params): StoredTopic {
  const id = integer(params, 'message_thread_id');
  if (!id) return forum.topic(GENERAL)!;
  const topic = id === GENERAL ? undefined : forum.topic(id);
  if (!topic) throw badRequest('message thread not found');
  return topic;
}
