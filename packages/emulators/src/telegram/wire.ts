import {
  type Content,
  type EmulatorState,
  GENERAL,
  type MediaContent,
  type Place,
  type StoredMessage,
} from './state.js';
import type { Chat, ExternalReplyInfo, Message, User } from './types.js';

/** The chat as it stands in messages. */
export function toChat({ state, chat }: Place): Chat {
  const { id, type, title } = chat;
  if (type !== 'private') return { id, title, type, ...(chat.isForum ? { is_forum: true } : {}) };
  const { first_name, username } = sender(state, chat.personId ?? id);
  return { id, first_name, ...(username === undefined ? {} : { username }), type };
}

/** @see https://core.telegram.org/bots/api#message */
export function toMessage(place: Place, message: StoredMessage): Message {
  return { ...shallow(place, message), ...reply(place, message) };
}

/** A message without what it replies to: a `reply_to_message` never carries a further one. */
function shallow(place: Place, message: StoredMessage): Message {
  return {
    message_id: message.id,
    from: sender(place.state, message.fromId),
    chat: toChat(place),
    date: message.date,
    ...(message.editDate === undefined ? {} : { edit_date: message.editDate }),
    ...thread(place, message),
    ...content(place.state, message.content),
  };
}

function thread(place: Place, message: StoredMessage) {
  if (place.chat.isForum && message.topicId !== GENERAL)
    return { message_thread_id: message.topicId, is_topic_message: true as const };
  if (place.chat.type !== 'supergroup') return {};
  const root = replyRoot(place, message);
  return root === message ? {} : { message_thread_id: root.id };
}

/** In General, and in a supergroup without topics, a chain of replies is a thread of its own, named after the message it began with. */
function replyRoot(place: Place, message: StoredMessage): StoredMessage {
  let root = message;
  for (let next = parent(place, root); next; next = parent(place, root)) root = next;
  return root;
}

const parent = ({ chat }: Place, message: StoredMessage): StoredMessage | undefined =>
  message.replyToId === undefined ? undefined : chat.messages.get(message.replyToId);

/** What is written in a topic and replies to nothing appears to reply to the message that created the topic. */
function reply(place: Place, message: StoredMessage): Pick<Message, 'reply_to_message' | 'external_reply'> {
  const { chat, state } = place;
  const inTopic = chat.isForum && message.topicId !== GENERAL;
  const target = chat.messages.get(message.replyToId ?? (inTopic ? message.topicId : 0));
  if (!target || target.deleted || target.id === message.id) return {};
  if (target.topicId === message.topicId || !chat.isForum)
    return { reply_to_message: shallow(place, target) };
  const external: ExternalReplyInfo = {
    origin: { type: 'user', sender_user: sender(state, target.fromId), date: target.date },
    chat: toChat(place),
    message_id: target.id,
  };
  return { external_reply: external };
}

function content(state: EmulatorState, of: Content): Partial<Message> {
  switch (of.type) {
    case 'text':
      return {
        text: of.text,
        ...(of.entities.length > 0 ? { entities: of.entities } : {}),
        ...(of.linkPreview === undefined ? {} : { link_preview_options: of.linkPreview }),
      };
    case 'photo':
      return { photo: of.photo, ...caption(of) };
    case 'live_photo':
      // "For backward compatibility, when this field is set, the photo field will also be set."
      return { live_photo: { ...of.media, photo: of.photo }, photo: of.photo, ...caption(of) };
    case 'animation':
      // "For backward compatibility, when this field is set, the document field will also be set."
      return { animation: of.media, document: of.media, ...caption(of) };
    case 'document':
    case 'video':
    case 'audio':
    case 'voice':
    case 'video_note':
    case 'sticker':
      return { [of.type]: of.media, ...caption(of) };
    case 'topic_created':
      return {
        forum_topic_created: { name: of.name, icon_color: of.iconColor, ...emojiId(of) },
      };
    case 'topic_edited':
      return { forum_topic_edited: { ...(of.name === undefined ? {} : { name: of.name }), ...emojiId(of) } };
    case 'topic_closed':
      return { forum_topic_closed: {} };
    case 'topic_reopened':
      return { forum_topic_reopened: {} };
    case 'general_hidden':
      return { general_forum_topic_hidden: {} };
    case 'general_unhidden':
      return { general_forum_topic_unhidden: {} };
    case 'joined':
      return { new_chat_members: [sender(state, of.userId)] };
    case 'left':
      return { left_chat_member: sender(state, of.userId) };
    case 'migrated_to':
      return { migrate_to_chat_id: of.chatId };
    case 'migrated_from':
      return { migrate_from_chat_id: of.chatId };
  }
}

const caption = ({ text, entities, groupId }: MediaContent): Partial<Message> => ({
  ...(groupId === undefined ? {} : { media_group_id: groupId }),
  ...(text === '' ? {} : { caption: text }),
  ...(entities.length > 0 ? { caption_entities: entities } : {}),
});

const emojiId = (of: { readonly iconCustomEmojiId?: string }) =>
  of.iconCustomEmojiId === undefined ? {} : { icon_custom_emoji_id: of.iconCustomEmojiId };

const sender = (state: EmulatorState, id: number): User =>
  state.users.get(id) ?? { id, is_bot: false, first_name: 'Deleted Account' };
