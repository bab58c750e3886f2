import { characters } from '../entities.js';
import { badRequest } from '../errors.js';
import { ICON_COLORS } from '../forum.js';
import { integer, type Params, text } from '../params.js';
import { GENERAL, type StoredTopic } from '../state.js';
import { inChat, type Method, type MethodContext } from './method.js';

/** @see https://core.telegram.org/bots/api#createforumtopic */
export const createForumTopic: Method = (context, params) => {
  inChat(context, params);
  const { forum } = context;
  if (!forum.state.membership.can_manage_topics) throw badRequest('not enough rights to create a topic');
  const name = topicName(params);
  if (!name) throw badRequest('title must be non-empty');
  const iconColor = integer(params, 'icon_color');
  if (iconColor !== undefined && !ICON_COLORS.some((color) => color === iconColor))
    throw badRequest('invalid forum topic icon color specified');
  const iconCustomEmojiId = text(params, 'icon_custom_emoji_id');
  const topic = forum.createTopic(forum.bot, { name, iconColor, iconCustomEmojiId });
  return {
    message_thread_id: topic.id,
    name: topic.name,
    icon_color: topic.iconColor,
    ...(topic.iconCustomEmojiId === undefined ? {} : { icon_custom_emoji_id: topic.iconCustomEmojiId }),
  };
};

/** @see https://core.telegram.org/bots/api#editforumtopic */
export const editForumTopic: Method = (context, params) => {
  const topic = managedTopic(context, params, 'edit');
  const name = topicName(params);
  const iconCustomEmojiId = text(params, 'icon_custom_emoji_id');
  context.forum.editTopic(context.forum.bot, topic, {
    ...(name ? { name } : {}),
    ...(iconCustomEmojiId === undefined ? {} : { iconCustomEmojiId }),
  });
  return true;
};

/** @see https://core.telegram.org/bots/api#closeforumtopic */
export const closeForumTopic: Method = (context, params) => {
  context.forum.setClosed(context.forum.bot, managedTopic(context, params, 'close'), true);
  return true;
};

/** @see https://core.telegram.org/bots/api#reopenforumtopic */
export const reopenForumTopic: Method = (context, params) => {
  context.forum.setClosed(context.forum.bot, managedTopic(context, params, 'reopen'), false);
  return true;
};

/** Needs `can_delete_messages`. @see https://core.telegram.org/bots/api#deleteforumtopic */
export const deleteForumTopic: Method = (context, params) => {
  inChat(context, params);
  const { forum } = context;
  const topic = existing(context, params);
  if (!forum.state.membership.can_delete_messages) throw badRequest('not enough rights to delete the topic');
  forum.deleteTopic(topic);
  return true;
};

/** An administrator manages every topic with the right to, and its own topics without. */
function managedTopic(context: MethodContext, params: Params, what: string): StoredTopic {
  inChat(context, params);
  const topic = existing(context, params);
  const { bot, state } = context.forum;
  if (!state.membership.can_manage_topics && topic.creatorId !== bot.id)
    throw badRequest(`not enough rights to ${what} the topic`);
  return topic;
}

function existing({ forum }: MethodContext, params: Params): StoredTopic {
  const id = integer(params, 'message_thread_id');
  const topic = id === undefined || id === GENERAL ? undefined : forum.topic(id);
  if (!topic) throw badRequest('TOPIC_ID_INVALID');
  return topic;
}

function topicName(params: Params): string | undefined {
  const name = text(params, 'name')?.trim();
  if (name !== undefined && /\p{Surrogate}/u.test(name)) throw badRequest('strings must be encoded in UTF-8');
  if (name !== undefined && characters(name) > 128) throw badRequest('TOPIC_TITLE_INVALID');
  return name;
}
