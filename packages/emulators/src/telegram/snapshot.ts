import { isMedia, isService, shownIn, wordsOf } from './content.js';
import { fileOf } from './media.js';
import { readKey } from './room.js';
import type {
  Content,
  EmulatorState,
  MediaContent,
  MediaKind,
  Place,
  StoredMessage,
  StoredTopic,
} from './state.js';
import type { MessageEntity, PhotoSize } from './types.js';

export interface PhonePerson {
  readonly id: number;
  readonly name: string;
  readonly username?: string;
  readonly isBot: boolean;
}

/** A message as the phone shows it. What was deleted keeps its id and loses its content. */
export interface PhoneMessage {
  readonly kind: 'message';
  readonly id: number;
  readonly topicId: number;
  readonly from: PhonePerson;
  /** Unix time, seconds. */
  readonly date: number;
  readonly type: Content['type'];
  /** Plain text, a file's caption, or what a service message says. */
  readonly text: string;
  /** Offsets and lengths in UTF-16 code units. */
  readonly entities: readonly MessageEntity[];
  readonly photo?: PhotoSize;
  /** A file, photos included. */
  readonly file?: PhoneFile;
  readonly replyTo?: { readonly id: number; readonly from: string; readonly text: string };
  /** Emoji of everyone who reacted. */
  readonly reactions: readonly string[];
  readonly edited: boolean;
  readonly deleted: boolean;
}

export interface PhoneFile {
  /** What its bytes are asked for by. */
  readonly id: string;
  /** Absent where the platform tells none. */
  readonly name?: string;
  readonly mimeType?: string;
  /** Bytes. */
  readonly size: number;
  /** The platform shows the picture itself instead of a name. */
  readonly isPhoto: boolean;
  /** The album that it belongs to. */
  readonly groupId?: string;
}

export interface PhoneTopic {
  readonly kind: 'topic';
  readonly id: number;
  readonly title: string;
  /** Such as `#6fb9f0`. */
  readonly iconColor: string;
  readonly iconCustomEmojiId?: string;
  readonly closed: boolean;
  readonly deleted: boolean;
  /** Unix time, seconds. */
  readonly date: number;
}

export type PhoneEntry = PhoneMessage | PhoneTopic;

/** A topic in one person's list. */
export interface ListedTopic extends PhoneTopic {
  readonly lastMessage?: PhoneMessage;
  /** Messages of others since that person last looked. */
  readonly unread: number;
}

export function phoneTopic(topic: StoredTopic): PhoneTopic {
  return {
    kind: 'topic',
    id: topic.id,
    title: topic.deleted ? '' : topic.name,
    iconColor: `#${topic.iconColor.toString(16).padStart(6, '0')}`,
    ...(topic.iconCustomEmojiId === undefined ? {} : { iconCustomEmojiId: topic.iconCustomEmojiId }),
    closed: topic.closed,
    deleted: topic.deleted,
    date: topic.date,
  };
}

export function phoneMessage(place: Place, message: StoredMessage): PhoneMessage {
  const words = message.deleted ? undefined : wordsOf(message.content);
  const from = person(place.state, message.fromId);
  const photo = 'photo' in message.content ? message.content.photo.at(-1) : undefined;
  return {
    kind: 'message',
    id: message.id,
    topicId: shownIn(place, message),
    from,
    date: message.date,
    type: message.content.type,
    text: message.deleted ? '' : (words?.text ?? announcement(place.state, message.content, from.name)),
    entities: words?.entities ?? [],
    ...(photo && !message.deleted ? { photo } : {}),
    ...(isMedia(message.content) && !message.deleted ? { file: phoneFile(message.content) } : {}),
    ...quote(place, message),
    reactions: Object.values(message.reactions ?? {}),
    edited: message.editDate !== undefined,
    deleted: message.deleted ?? false,
  };
}

function phoneFile(content: MediaContent): PhoneFile {
  const { file_id, file_name, mime_type, file_size = 0 } = fileOf(content);
  return {
    id: file_id,
    ...(file_name === undefined ? {} : { name: file_name }),
    ...(mime_type === undefined ? {} : { mimeType: mime_type }),
    size: file_size,
    isPhoto: isPicture(content),
    ...(content.groupId === undefined ? {} : { groupId: content.groupId }),
  };
}

/** A film without sound plays by itself; only one that came as a GIF is a picture for browsers, too. */
function isPicture(content: MediaContent): boolean {
  if (content.type === 'animation') return content.media.mime_type === 'image/gif';
  return 'photo' in content || (content.type === 'sticker' && !content.media.thumbnail);
}

export function listedTopic(place: Place, topic: StoredTopic, userId: number): ListedTopic {
  const { chat } = place;
  const messages = [...chat.messages.values()].filter(
    (one) => !one.deleted && shownIn(place, one) === topic.id,
  );
  const read = chat.reads.get(readKey(userId, topic.id)) ?? 0;
  const last = messages.at(-1);
  const unread = messages.filter(
    (one) => one.id > read && one.fromId !== userId && !isService(one.content),
  ).length;
  return { ...phoneTopic(topic), ...(last ? { lastMessage: phoneMessage(place, last) } : {}), unread };
}

export function person(state: EmulatorState, id: number): PhonePerson {
  const user = state.users.get(id);
  return {
    id,
    name: user?.first_name ?? 'Deleted Account',
    ...(user?.username === undefined ? {} : { username: user.username }),
    isBot: user?.is_bot ?? false,
  };
}

function quote({ state, chat }: Place, message: StoredMessage): Pick<PhoneMessage, 'replyTo'> {
  const target = message.replyToId === undefined ? undefined : chat.messages.get(message.replyToId);
  if (!target || target.deleted || message.deleted) return {};
  const from = person(state, target.fromId).name;
  const words = wordsOf(target.content)?.text ?? announcement(state, target.content, from);
  return { replyTo: { id: target.id, from, text: words || kindNamed(target.content) } };
}

/** What stands for a file without words. */
const kindNamed = ({ type }: Content): string => KINDS[type as MediaKind] ?? 'Message';

const KINDS: Readonly<Record<MediaKind, string>> = {
  photo: 'Photo',
  live_photo: 'Live photo',
  document: 'File',
  video: 'Video',
  audio: 'Audio file',
  voice: 'Voice message',
  video_note: 'Video message',
  animation: 'GIF',
  sticker: 'Sticker',
};

function announcement(state: EmulatorState, content: Content, who: string): string {
  switch (content.type) {
    case 'topic_created':
      return `${who} created the topic “${content.name}”`;
    case 'topic_edited':
      return content.name === undefined
        ? `${who} changed the topic icon`
        : `${who} changed the topic name to “${content.name}”`;
    case 'topic_closed':
      return `${who} closed the topic`;
    case 'topic_reopened':
      return `${who} reopened the topic`;
    case 'general_hidden':
      return `${who} hid General`;
    case 'general_unhidden':
      return `${who} showed General again`;
    case 'joined':
      return `${who} added ${person(state, content.userId).name}`;
    case 'left':
      return `${person(state, content.userId).name} left`;
    case 'migrated_to':
    case 'migrated_from':
      return 'The group became a supergroup';
    default:
      return '';
  }
}
