import type { InboundFile } from '@pocketping/core';
import type { Message, MessageEntity } from 'grammy/types';
import { fileIn } from './inbound-file.js';

/** What a message says, and what it holds besides words. */
export interface Content {
  readonly text: string;
  /** What can be passed on of it. */
  readonly files?: readonly InboundFile[];
  /** What it holds besides words, as a plural that completes "… cannot be delivered yet". */
  readonly holds?: string;
}

/** The text or caption of a message as plain text. Undefined for what Telegram says itself, such as "pinned a message". */
export const contentOf = (message: Message): Content | undefined => {
  if (message.text !== undefined) return { text: plainText(message.text, message.entities ?? []) };
  if (SERVICE.some((key) => message[key] !== undefined)) return undefined;
  const media = MEDIA.find(([key]) => message[key] !== undefined);
  const file = fileIn(message);
  return {
    text: plainText(message.caption ?? '', message.caption_entities ?? []),
    holds: media?.[1] ?? 'Messages of this kind',
    ...(file && { files: [file] }),
  };
};

/** Formatting is lost on purpose; the address behind a link is not, for without it the words mean nothing. */
export const plainText = (text: string, entities: readonly MessageEntity[]): string => {
  let plain = text;
  for (const entity of entities.toSorted(
    (left, right) => right.offset + right.length - left.offset - left.length,
  )) {
    if (entity.type !== 'text_link' || /^tg:/i.test(entity.url)) continue;
    const end = entity.offset + entity.length;
    const words = text.slice(entity.offset, end);
    if (addressOf(words) === addressOf(entity.url)) continue;
    const gap = words.length - words.trimEnd().length;
    plain = `${plain.slice(0, end - gap)} (${entity.url})${plain.slice(end - gap)}`;
  }
  return plain;
};

const addressOf = (text: string): string =>
  text
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/$/, '')
    .toLowerCase();

/** In this order: an animation is also a document, a venue also a location. @see https://core.telegram.org/bots/api#message */
const MEDIA: readonly (readonly [kind: keyof Message, plural: string])[] = [
  ['live_photo', 'Live photos'],
  ['photo', 'Photos'],
  ['video', 'Videos'],
  ['animation', 'Animations'],
  ['audio', 'Audio files'],
  ['document', 'Files'],
  ['voice', 'Voice messages'],
  ['video_note', 'Video messages'],
  ['sticker', 'Stickers'],
  ['venue', 'Places'],
  ['location', 'Locations'],
  ['contact', 'Contacts'],
  ['poll', 'Polls'],
  ['dice', 'Dice'],
  ['game', 'Games'],
  ['story', 'Stories'],
  ['paid_media', 'Paid media'],
  ['checklist', 'Checklists'],
  ['giveaway', 'Giveaways'],
  ['invoice', 'Invoices'],
  ['rich_message', 'Rich messages'],
];

/** What happened in the group, told by Telegram in a message that nobody wrote. @see https://core.telegram.org/bots/api#message */
const SERVICE: readonly (keyof Message)[] = [
  'boost_added',
  'channel_chat_created',
  'chat_background_set',
  'chat_owner_changed',
  'chat_owner_left',
  'chat_shared',
  'checklist_tasks_added',
  'checklist_tasks_done',
  'community_chat_added',
  'community_chat_joined',
  'community_chat_removed',
  'connected_website',
  'delete_chat_photo',
  'direct_message_price_changed',
  'forum_topic_closed',
  'forum_topic_created',
  'forum_topic_edited',
  'forum_topic_reopened',
  'general_forum_topic_hidden',
  'general_forum_topic_unhidden',
  'gift',
  'gift_upgrade_sent',
  'giveaway_completed',
  'giveaway_created',
  'giveaway_winners',
  'group_chat_created',
  'left_chat_member',
  'managed_bot_created',
  'message_auto_delete_timer_changed',
  'migrate_from_chat_id',
  'migrate_to_chat_id',
  'new_chat_members',
  'new_chat_photo',
  'new_chat_title',
  'paid_message_price_changed',
  'passport_data',
  'pinned_message',
  'poll_option_added',
  'poll_option_deleted',
  'proximity_alert_triggered',
  'refunded_payment',
  'successful_payment',
  'suggested_post_approval_failed',
  'suggested_post_approved',
  'suggested_post_declined',
  'suggested_post_paid',
  'suggested_post_refunded',
  'supergroup_chat_created',
  'unique_gift',
  'users_shared',
  'video_chat_ended',
  'video_chat_participants_invited',
  'video_chat_scheduled',
  'video_chat_started',
  'web_app_data',
  'write_access_allowed',
];
