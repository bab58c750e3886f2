import { badRequest, forbidden, migrated } from '../errors.js';
import { present } from '../hearing.js';
import { integer, type Params, text } from '../params.js';
import type { Poller } from '../poller.js';
import type { Room } from '../room.js';
import type { Rooms } from '../rooms.js';
import { type EmulatorState, GENERAL, type StoredTopic } from '../state.js';
import type { UpdateQueue } from '../updates.js';
import type { Uploads } from '../uploads.js';
import type { Webhook } from '../webhook.js';

export interface MethodContext {
  readonly state: EmulatorState;
  readonly rooms: Rooms;
  readonly updates: UpdateQueue;
  readonly poller: Poller;
  readonly webhook: Webhook;
  /** The files that came with the call. */
  readonly uploads: Uploads;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** Aborted when the client hangs up or the emulator closes. */
  readonly signal: AbortSignal;
}

/** One Bot API method: answers the `result`, or throws an ApiError. */
export type Method = (context: MethodContext, params: Params) => unknown;

/**
 * The chat that `chat_id` names, if the bot has the access that the method needs. A group that the bot was removed
 * from, or that became a supergroup, can still be read.
 * @throws ApiError as the platform words it
 */
export function chatOf({ rooms }: MethodContext, params: Params, access: 'read' | 'write' = 'write'): Room {
  const chatId = text(params, 'chat_id')?.trim();
  if (!chatId) throw badRequest('chat_id is empty');
  const room = rooms.get(chatId);
  if (!room) throw badRequest('chat not found');
  const { type, migratedTo, membership } = room.chat;
  if (access === 'read' && type !== 'supergroup') return room;
  if (migratedTo !== undefined) throw migrated(migratedTo);
  if (present(room.chat)) return room;
  if (type === 'private') throw forbidden('bot was blocked by the user');
  throw forbidden(
    membership.status === 'kicked'
      ? `bot was kicked from the ${type} chat`
      : `bot is not a member of the ${type} chat`,
  );
}

/** The topic a message is meant for: General without `message_thread_id`. */
export function targetTopic(room: Room, params: Params): StoredTopic {
  const id = integer(params, 'message_thread_id');
  if (!id) return room.topic(GENERAL)!;
  const topic = id === GENERAL ? undefined : room.topic(id);
  if (!topic || topic.blocked) throw badRequest('message thread not found');
  return topic;
}
