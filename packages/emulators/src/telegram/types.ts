/**
 * The Bot API objects that the emulator sends, with the platform's own field names.
 * @see https://core.telegram.org/bots/api#available-types
 */

/** @see https://core.telegram.org/bots/api#user */
export interface User {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly last_name?: string;
  readonly username?: string;
  readonly language_code?: string;
}

/** @see https://core.telegram.org/bots/api#chat */
export interface Chat {
  readonly id: number;
  readonly type: 'private' | 'group' | 'supergroup';
  readonly title?: string;
  readonly first_name?: string;
  readonly username?: string;
  readonly is_forum?: true;
}

export type EntityType =
  | 'mention'
  | 'hashtag'
  | 'cashtag'
  | 'bot_command'
  | 'url'
  | 'email'
  | 'bold'
  | 'italic'
  | 'underline'
  | 'strikethrough'
  | 'spoiler'
  | 'blockquote'
  | 'expandable_blockquote'
  | 'code'
  | 'pre'
  | 'text_link'
  | 'text_mention';

/** Offsets and lengths are in UTF-16 code units. @see https://core.telegram.org/bots/api#messageentity */
export interface MessageEntity {
  readonly type: EntityType;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly user?: User;
  readonly language?: string;
}

/** @see https://core.telegram.org/bots/api#photosize */
export interface PhotoSize {
  readonly file_id: string;
  readonly file_unique_id: string;
  readonly width: number;
  readonly height: number;
  readonly file_size?: number;
}

/**
 * A document, video, audio file, voice message, video message, animation or sticker, with what each kind has.
 * @see https://core.telegram.org/bots/api#document
 */
export interface MediaFile {
  readonly file_id: string;
  readonly file_unique_id: string;
  /** Bytes. */
  readonly file_size?: number;
  readonly file_name?: string;
  readonly mime_type?: string;
  readonly width?: number;
  readonly height?: number;
  /** Seconds. */
  readonly duration?: number;
  readonly length?: number;
  readonly type?: 'regular';
  readonly is_animated?: boolean;
  readonly is_video?: boolean;
  readonly thumbnail?: PhotoSize;
}

/** A film of a moment, and what of it stands still. @see https://core.telegram.org/bots/api#livephoto */
export interface LivePhoto extends MediaFile {
  readonly photo?: readonly PhotoSize[];
}

/** @see https://core.telegram.org/bots/api#message */
export interface Message {
  readonly message_id: number;
  readonly from: User;
  readonly chat: Chat;
  /** Unix time, seconds. */
  readonly date: number;
  readonly message_thread_id?: number;
  readonly is_topic_message?: true;
  readonly reply_to_message?: Message;
  readonly external_reply?: ExternalReplyInfo;
  readonly edit_date?: number;
  readonly text?: string;
  readonly entities?: readonly MessageEntity[];
  readonly link_preview_options?: unknown;
  readonly photo?: readonly PhotoSize[];
  readonly live_photo?: LivePhoto;
  readonly document?: MediaFile;
  readonly video?: MediaFile;
  readonly audio?: MediaFile;
  readonly voice?: MediaFile;
  readonly video_note?: MediaFile;
  readonly animation?: MediaFile;
  readonly sticker?: MediaFile;
  readonly media_group_id?: string;
  readonly caption?: string;
  readonly caption_entities?: readonly MessageEntity[];
  readonly forum_topic_created?: { name: string; icon_color: number; icon_custom_emoji_id?: string };
  readonly forum_topic_edited?: { name?: string; icon_custom_emoji_id?: string };
  readonly forum_topic_closed?: Record<string, never>;
  readonly forum_topic_reopened?: Record<string, never>;
  readonly general_forum_topic_hidden?: Record<string, never>;
  readonly general_forum_topic_unhidden?: Record<string, never>;
  readonly new_chat_members?: readonly User[];
  readonly left_chat_member?: User;
  readonly migrate_to_chat_id?: number;
  readonly migrate_from_chat_id?: number;
}

/** A reply to a message of another topic. @see https://core.telegram.org/bots/api#externalreplyinfo */
export interface ExternalReplyInfo {
  readonly origin: { readonly type: 'user'; readonly sender_user: User; readonly date: number };
  readonly chat: Chat;
  readonly message_id: number;
}

/** @see https://core.telegram.org/bots/api#chatmember */
export type ChatMember = { readonly user: User; readonly status: string } & Readonly<Record<string, unknown>>;

/** @see https://core.telegram.org/bots/api#chatmemberupdated */
export interface ChatMemberUpdated {
  readonly chat: Chat;
  readonly from: User;
  readonly date: number;
  readonly old_chat_member: ChatMember;
  readonly new_chat_member: ChatMember;
}

export interface UpdatePayloads {
  readonly message: Message;
  readonly edited_message: Message;
  readonly my_chat_member: ChatMemberUpdated;
}

export type UpdateType = keyof UpdatePayloads;

/** Exactly one payload is present. @see https://core.telegram.org/bots/api#update */
export type Update = { readonly update_id: number } & Partial<UpdatePayloads>;

/** @see https://core.telegram.org/bots/api#botcommand */
export interface BotCommand {
  readonly command: string;
  readonly description: string;
}
