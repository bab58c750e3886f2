import { characters } from '../entities.js';
import { badRequest } from '../errors.js';
import { may } from '../membership.js';
import { integer, type Params, text } from '../params.js';
import { ICON_COLORS, type Room } from '../room.js';
import { GENERAL, type StoredTopic } from '../state.js';
import { chatOf, type Method, type MethodContext } from './method.js';

/** @see https://core.telegram.org/bots/api#createforumtopic */
export const createForumTopic: Method = (context, params) => {
  const room = forumOf(context, params);
  if (!may(room, 'can_manage_topics')) throw badRequest('not enough rights to create a topic');
  const name = topicName(params);
  if (!name) throw badRequest('title must be non-empty');
  const iconColor = integer(params, 'icon_color');
  if (iconColor !== undefined && !ICON_COLORS.some((color) => color === iconColor))
    throw badRequest('invalid forum topic icon color specified');
  const iconCustomEmojiId = text(params, 'icon_custom_emoji_id');
  const topic = room.createTopic(room.bot, { name, iconColor, iconCustomEmojiId });
  return {
    message_thread_id: topic.id,
    name: topic.name,
    icon_color: topic.iconColor,
    ...(topic.iconCustomEmojiId === undefined ? {} : { icon_custom_emoji_id: topic.iconCustomEmojiId }),
  };
};

/** @see https://core.telegram.org/bots/api#editforumtopic */
export const editForumTopic: Method = (context, params) => {
  const room = forumOf(context, params);
  const topic = managedTopic(room, params, 'edit');
  const name = topicName(params);
  const iconCustomEmojiId = text(params, 'icon_custom_emoji_id');
  room.editTopic(room.bot, topic, {
    ...(name ? { name } : {}),
    ...(iconCustomEmojiId === undefined ? {} : { iconCustomEmojiId }),
  });
  return true;
};

/** @see https://core.telegram.org/bots/api#closeforumtopic */
export const closeForumTopic: Method = (context, params) => {
  const room = forumOf(context, params);
  room.setClosed(room.bot, managedTopic(room, params, 'close'), true);
  return true;
};

/** @see https://core.telegram.org/bots/api#reopenforumtopic */
export const reopenForumTopic: Method = (context, params) => {
  const room = forumOf(context, params);
  room.setClosed(room.bot, managedTopic(room, params, 'reopen'), false);
  return true;
};

/** Needs `can_delete_messages`. @see https://core.telegram.org/bots/api#deleteforumtopic */
export const deleteForumTopic: Method = (context, params) => {
  const room = forumOf(context, params);
  const topic = existing(room, params);
  if (!may(room, 'can_delete_messages')) throw badRequest('not enough rights to delete the topic');
  room.deleteTopic(topic);
  return true;
};

/** @throws ApiError for a chat without topics */
export function forumOf(context: MethodContext, params: Params): Room {
  const room = chatOf(context, params);
  if (!room.chat.isForum) throw badRequest('the chat is not a forum');
  return room;
}

/** An administrator manages every topic with the right to, and its own topics without. */
function managedTopic(room: Room, params: Params, what: string): StoredTopic {
  const topic = existing(room, params);
  if (!may(room, 'can_manage_topics') && topic.creatorId !== room.bot.id)
    throw badRequest(`not enough rights to ${what} the topic`);
  return topic;
}

function existing(room: Room, params: Params): StoredTopic {
  const id = integer(params, 'message_thread_id');
  const topic = id === undefined || id === GENERAL ? undefined : room.topic(id);
  if (!topic) throw badRequest('TOPIC_ID_INVALID');
  return topic;
}

/** @throws ApiError for a name that is too long or broken */
export function topicName(params: Params): string | undefined {
  const name = text(params, 'name')?.trim();
  if (name !== undefined && /\p{Surrogate}/u.test(name)) throw badRequest('strings must be encoded in UTF-8');
  if (name !== undefined && characters(name) > 128) throw badRequest('TOPIC_TITLE_INVALID');
  return name;
}
