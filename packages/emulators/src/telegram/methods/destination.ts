import { badRequest } from '../errors.js';
import { may } from '../membership.js';
import { flag, integer, object, type Params } from '../params.js';
import type { Room } from '../room.js';
import type { Content, StoredMessage, StoredTopic } from '../state.js';
import type { Message } from '../types.js';
import { toMessage } from '../wire.js';
import { chatOf, type MethodContext, targetTopic } from './method.js';

/** Where the bot says something: its chat, its topic, and what it answers. @throws ApiError where it cannot */
export function destinationOf(context: MethodContext, params: Params): Destination {
  const room = chatOf(context, params);
  const replyTo = repliedMessage(room, params);
  const topic =
    replyTo && !integer(params, 'message_thread_id') ? topicOf(room, replyTo) : targetTopic(room, params);
  if (topic.closed && !may(room, 'can_manage_topics')) throw badRequest('TOPIC_CLOSED');
  return { room, topic, replyTo };
}

export interface Destination {
  readonly room: Room;
  readonly topic: StoredTopic;
  readonly replyTo: StoredMessage | undefined;
}

/** The bot says it there. */
export const said = ({ room, topic, replyTo }: Destination, content: Content): Message =>
  toMessage(room, room.post(room.bot, topic.id, content, { replyToId: replyTo?.id }));

/** A reply without a thread goes where the message is that it answers. */
function topicOf(room: Room, message: StoredMessage): StoredTopic {
  const topic = room.topic(message.topicId) ?? targetTopic(room, {});
  if (topic.blocked) throw badRequest('message thread not found');
  return topic;
}

/**
 * The message to be replied, which may be in another topic.
 * @see https://core.telegram.org/bots/api#replyparameters
 */
function repliedMessage(room: Room, params: Params): StoredMessage | undefined {
  const reply = object(params, 'reply_parameters');
  const id = reply && integer(reply, 'message_id');
  if (!reply || !id) return undefined;
  const message = room.message(id);
  if (!message && !flag(reply, 'allow_sending_without_reply'))
    throw badRequest('message to be replied not found');
  return message;
}
