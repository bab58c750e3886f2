import { isService } from '../content.js';
import { TEXT_LIMIT } from '../entities.js';
import { badRequest } from '../errors.js';
import { may } from '../membership.js';
import { flag, integer, object, type Params, text } from '../params.js';
import { isGeneral, type Room } from '../room.js';
import type { Content, StoredMessage, StoredTopic } from '../state.js';
import { toMessage } from '../wire.js';
import { chatOf, type Method, targetTopic } from './method.js';
import { reactionIn } from './reactions.js';
import { formatted } from './words.js';

/** @see https://core.telegram.org/bots/api#sendmessage */
export const sendMessage: Method = (context, params) => {
  const words = formatted(params, TEXT_LIMIT, 'message is too long');
  const room = chatOf(context, params);
  const replyTo = repliedMessage(room, params);
  const topic =
    replyTo && !integer(params, 'message_thread_id') ? topicOf(room, replyTo) : targetTopic(room, params);
  if (topic.closed && !may(room, 'can_manage_topics')) throw badRequest('TOPIC_CLOSED');
  const content: Content = { type: 'text', ...words, ...linkPreview(params) };
  const message = room.post(room.bot, topic.id, content, { replyToId: replyTo?.id });
  return toMessage(room, message);
};

/** @see https://core.telegram.org/bots/api#editmessagetext */
export const editMessageText: Method = (context, params) => {
  const words = formatted(params, TEXT_LIMIT, 'MESSAGE_TOO_LONG');
  const room = chatOf(context, params);
  const message = named(room, params, 'message to edit not found');
  if (message.fromId !== room.bot.id || isService(message.content))
    throw badRequest("message can't be edited");
  if (message.content.type !== 'text') throw badRequest('there is no text in the message to edit');
  const content: Content = { type: 'text', ...words, ...linkPreview(params) };
  return toMessage(room, room.edit(message, content));
};

/** @see https://core.telegram.org/bots/api#deletemessage */
export const deleteMessage: Method = (context, params) => {
  const room = chatOf(context, params);
  const message = named(room, params, 'message to delete not found');
  const own = message.fromId === room.bot.id || room.chat.type === 'private';
  const allowed = own || may(room, 'can_delete_messages');
  if (!allowed || undeletable(message)) throw badRequest("message can't be deleted");
  const late = context.now() - message.date * 1000 > DELETABLE_MS;
  if (late && !may(room, 'can_delete_messages')) throw badRequest("message can't be deleted for everyone");
  room.remove(message);
  return true;
};

/** Without the right to delete any message, what is older stays. */
const DELETABLE_MS = 48 * 60 * 60 * 1000;

const undeletable = ({ content }: StoredMessage): boolean =>
  content.type === 'topic_created' || content.type === 'migrated_to' || content.type === 'migrated_from';

/** @see https://core.telegram.org/bots/api#setmessagereaction */
export const setMessageReaction: Method = (context, params) => {
  const room = chatOf(context, params);
  const message = named(room, params, 'message to react not found');
  room.react(room.bot, message, reactionIn(params));
  return true;
};

const actions = new Set([
  'typing',
  'upload_photo',
  'record_video',
  'upload_video',
  'record_voice',
  'upload_voice',
  'upload_document',
  'choose_sticker',
  'find_location',
  'record_video_note',
  'upload_video_note',
]);

/** @see https://core.telegram.org/bots/api#sendchataction */
export const sendChatAction: Method = (context, params) => {
  const room = chatOf(context, params);
  const action = text(params, 'action')?.toLowerCase() ?? '';
  if (!actions.has(action)) throw badRequest('wrong parameter action in request');
  room.act(room.bot, targetOfAction(room, params).id, action);
  return true;
};

/** Unlike a message, an action may name General by its id. */
const targetOfAction = (room: Room, params: Params): StoredTopic =>
  isGeneral(integer(params, 'message_thread_id') ?? 0) ? targetTopic(room, {}) : targetTopic(room, params);

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

function named(room: Room, params: Params, missing: string): StoredMessage {
  const id = integer(params, 'message_id');
  if (!id) throw badRequest('message identifier is not specified');
  const message = room.message(id);
  if (!message) throw badRequest(missing);
  return message;
}

function linkPreview(params: Params): { linkPreview?: unknown } {
  const options = object(params, 'link_preview_options');
  return options === undefined ? {} : { linkPreview: options };
}
