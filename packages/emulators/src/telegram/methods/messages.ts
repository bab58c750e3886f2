import { TEXT_LIMIT } from '../entities.js';
import { badRequest } from '../errors.js';
import { isGeneral, isService } from '../forum.js';
import { flag, integer, isObject, object, type Params, structure, text } from '../params.js';
import type { Content, StoredMessage, StoredTopic } from '../state.js';
import { toMessage } from '../wire.js';
import { inChat, type Method, type MethodContext, targetTopic } from './method.js';
import { formatted } from './words.js';

/** @see https://core.telegram.org/bots/api#sendmessage */
export const sendMessage: Method = (context, params) => {
  const words = formatted(params, TEXT_LIMIT, 'message is too long');
  inChat(context, params);
  const { forum } = context;
  const replyTo = repliedMessage(context, params);
  const named = integer(params, 'message_thread_id');
  const topic = replyTo && !named ? forum.topic(replyTo.topicId)! : targetTopic(context, params);
  if (topic.closed && !forum.state.membership.can_manage_topics) throw badRequest('TOPIC_CLOSED');
  const message = forum.post(
    forum.bot,
    topic.id,
    { type: 'text', ...words, ...linkPreview(params) },
    { replyToId: replyTo?.id },
  );
  return toMessage(forum.state, message);
};

/** @see https://core.telegram.org/bots/api#editmessagetext */
export const editMessageText: Method = (context, params) => {
  const words = formatted(params, TEXT_LIMIT, 'MESSAGE_TOO_LONG');
  inChat(context, params);
  const { forum } = context;
  const message = named(context, params, 'message to edit not found');
  if (message.fromId !== forum.bot.id || isService(message.content))
    throw badRequest("message can't be edited");
  if (message.content.type !== 'text') throw badRequest('there is no text in the message to edit');
  const content: Content = { type: 'text', ...words, ...linkPreview(params) };
  return toMessage(forum.state, forum.edit(message, content));
};

/** @see https://core.telegram.org/bots/api#deletemessage */
export const deleteMessage: Method = (context, params) => {
  inChat(context, params);
  const { forum } = context;
  const message = named(context, params, 'message to delete not found');
  const own = message.fromId === forum.bot.id;
  const allowed = own || forum.state.membership.can_delete_messages;
  if (!allowed || message.content.type === 'topic_created') throw badRequest("message can't be deleted");
  forum.remove(message);
  return true;
};

/** @see https://core.telegram.org/bots/api#setmessagereaction */
export const setMessageReaction: Method = (context, params) => {
  inChat(context, params);
  const { forum } = context;
  const message = named(context, params, 'message to react not found');
  const reactions = structure(params, 'reaction') ?? [];
  if (!Array.isArray(reactions)) throw badRequest("can't parse reaction types JSON object");
  if (reactions.length > 1) throw badRequest('REACTIONS_TOO_MANY');
  const [reaction] = reactions as unknown[];
  if (reaction === undefined) {
    forum.react(forum.bot, message, undefined);
    return true;
  }
  if (!isObject(reaction) || reaction.type !== 'emoji' || typeof reaction.emoji !== 'string')
    throw badRequest('REACTION_INVALID');
  if (!/^\p{Extended_Pictographic}/u.test(reaction.emoji)) throw badRequest('REACTION_INVALID');
  forum.react(forum.bot, message, reaction.emoji);
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
  inChat(context, params);
  const action = text(params, 'action')?.toLowerCase() ?? '';
  if (!actions.has(action)) throw badRequest('wrong parameter action in request');
  context.forum.act(context.forum.bot, targetOfAction(context, params).id, action);
  return true;
};

/** Unlike a message, an action may name General by its id. */
const targetOfAction = (context: MethodContext, params: Params): StoredTopic =>
  isGeneral(integer(params, 'message_thread_id') ?? 0)
    ? targetTopic(context, {})
    : targetTopic(context, params);

function repliedMessage({ forum }: MethodContext, params: Params): StoredMessage | undefined {
  const reply = object(params, 'reply_parameters');
  const id = reply && integer(reply, 'message_id');
  if (!reply || !id) return undefined;
  const message = forum.message(id);
  if (!message && !flag(reply, 'allow_sending_without_reply'))
    throw badRequest('message to be replied not found');
  return message;
}

function named({ forum }: MethodContext, params: Params, missing: string): StoredMessage {
  const id = integer(params, 'message_id');
  if (!id) throw badRequest('message identifier is not specified');
  const message = forum.message(id);
  if (!message) throw badRequest(missing);
  return message;
}

function linkPreview(params: Params): { linkPreview?: unknown } {
  const options = object(params, 'link_preview_options');
  return options === undefined ? {} : { linkPreview: options };
}
