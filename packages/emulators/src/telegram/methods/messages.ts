import { isMedia, isService } from '../content.js';
import { badRequest } from '../errors.js';
import { may } from '../membership.js';
import { integer, object, type Params, text } from '../params.js';
import { isGeneral, type Room } from '../room.js';
import type { Content, StoredMessage, StoredTopic } from '../state.js';
import { toMessage } from '../wire.js';
import { destinationOf, said } from './destination.js';
import { chatOf, type Method, type MethodContext, targetTopic } from './method.js';
import { reactionIn } from './reactions.js';
import { captioned, formatted } from './words.js';

/** @see https://core.telegram.org/bots/api#sendmessage */
export const sendMessage: Method = (context, params) => {
  const words = formatted(params, 'message is too long');
  return said(destinationOf(context, params), { type: 'text', ...words, ...linkPreview(params) });
};

/** @see https://core.telegram.org/bots/api#editmessagetext */
export const editMessageText: Method = (context, params) => {
  const words = formatted(params, 'MESSAGE_TOO_LONG');
  const { room, message } = toBeEdited(context, params);
  if (message.content.type !== 'text') throw badRequest('there is no text in the message to edit');
  const content: Content = { type: 'text', ...words, ...linkPreview(params) };
  return toMessage(room, room.edit(message, content));
};

/** @see https://core.telegram.org/bots/api#editmessagecaption */
export const editMessageCaption: Method = (context, params) => {
  const words = captioned(params);
  const { room, message } = toBeEdited(context, params);
  if (!isMedia(message.content)) throw badRequest('there is no caption in the message to edit');
  return toMessage(room, room.edit(message, { ...message.content, ...words }));
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

/** @throws ApiError for what is not the bot's own to change */
function toBeEdited(context: MethodContext, params: Params): { room: Room; message: StoredMessage } {
  const room = chatOf(context, params);
  const message = named(room, params, 'message to edit not found');
  if (message.fromId !== room.bot.id || isService(message.content))
    throw badRequest("message can't be edited");
  return { room, message };
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
