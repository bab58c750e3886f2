import { type Content, type EmulatorState, GENERAL, type StoredMessage } from './state.js';
import type { Chat, ExternalReplyInfo, Message, User } from './types.js';

/** The chat as it stands in messages. */
export const toChat = (state: EmulatorState): Chat => ({ ...state.chat, type: 'supergroup', is_forum: true });

/** @see https://core.telegram.org/bots/api#message */
export function toMessage(state: EmulatorState, message: StoredMessage): Message {
  return { ...shallow(state, message), ...reply(state, message) };
}

/** A message without what it replies to: a `reply_to_message` never carries a further one. */
function shallow(state: EmulatorState, message: StoredMessage): Message {
  return {
    message_id: message.id,
    from: sender(state, message.fromId),
    chat: toChat(state),
    date: message.date,
    ...(message.editDate === undefined ? {} : { edit_date: message.editDate }),
    ...thread(state, message),
    ...content(message.content),
  };
}

function thread(state: EmulatorState, message: StoredMessage) {
  if (message.topicId !== GENERAL)
    return { message_thread_id: message.topicId, is_topic_message: true as const };
  const root = replyRoot(state, message);
  return root === message ? {} : { message_thread_id: root.id };
}

/** In General a chain of replies is a thread of its own, named after the message it began with. */
function replyRoot(state: EmulatorState, message: StoredMessage): StoredMessage {
  let root = message;
  for (let next = parent(state, root); next; next = parent(state, root)) root = next;
  return root;
}

const parent = (state: EmulatorState, message: StoredMessage): StoredMessage | undefined =>
  message.replyToId === undefined ? undefined : state.messages.get(message.replyToId);

/** What is written in a topic and replies to nothing appears to reply to the message that created the topic. */
function reply(
  state: EmulatorState,
  message: StoredMessage,
): Pick<Message, 'reply_to_message' | 'external_reply'> {
  const target = state.messages.get(message.replyToId ?? message.topicId);
  if (!target || target.deleted || target.id === message.id) return {};
  if (target.topicId === message.topicId) return { reply_to_message: shallow(state, target) };
  const external: ExternalReplyInfo = {
    origin: { type: 'user', sender_user: sender(state, target.fromId), date: target.date },
    chat: toChat(state),
    message_id: target.id,
  };
  return { external_reply: external };
}

function content(of: Content): Partial<Message> {
  switch (of.type) {
    case 'text':
      return {
        text: of.text,
        ...(of.entities.length > 0 ? { entities: of.entities } : {}),
        ...(of.linkPreview === undefined ? {} : { link_preview_options: of.linkPreview }),
      };
    case 'photo':
      return {
        photo: of.photo,
        ...(of.text === '' ? {} : { caption: of.text }),
        ...(of.entities.length > 0 ? { caption_entities: of.entities } : {}),
      };
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
  }
}

const emojiId = (of: { readonly iconCustomEmojiId?: string }) =>
  of.iconCustomEmojiId === undefined ? {} : { icon_custom_emoji_id: of.iconCustomEmojiId };

const sender = (state: EmulatorState, id: number): User =>
  state.users.get(id) ?? { id, is_bot: false, first_name: 'Deleted Account' };
