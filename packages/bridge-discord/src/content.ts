import type { InboundFile } from '@pocketping/core';
import type { APIAttachment, APIMessage } from 'discord.js';
import { refOf } from './file-ref.js';

/** What a message says, and what it holds that cannot be passed on. */
export interface Content {
  readonly text: string;
  /** In words that complete "… cannot be delivered yet". */
  readonly undeliverable?: string;
  readonly files: readonly InboundFile[];
}

/** What of a message is read. */
export type Said = Pick<
  APIMessage,
  | 'id'
  | 'channel_id'
  | 'content'
  | 'mentions'
  | 'attachments'
  | 'embeds'
  | 'sticker_items'
  | 'poll'
  | 'message_snapshots'
>;

/** What a person wrote, as a visitor can read it. */
export const contentOf = (message: Said): Content => {
  const text = textOf(message);
  const [undeliverable] = MEDIA.flatMap(([isThere, plural]) => (isThere(message) ? [plural] : []));
  const files = (message.attachments ?? []).map((attachment) => fileOf(message, attachment));
  return undeliverable === undefined ? { text, files } : { text, files, undeliverable };
};

/** The words alone. */
export const textOf = ({ content, mentions }: Pick<Said, 'content' | 'mentions'>): string =>
  plainText(content, mentions ?? []);

/** @see https://discord.com/developers/docs/resources/message#attachment-object */
const fileOf = (
  { id: messageId, channel_id: channelId }: Said,
  { id, filename, title, content_type: mimeType, size }: APIAttachment,
): InboundFile => ({
  ref: refOf({ channelId, messageId, id }),
  name: nameOf(filename, title),
  ...(mimeType !== undefined && { mimeType }),
  size,
});

/** Discord takes out of a file's name whatever is not ASCII, and keeps the name it had as its title, without the ending. */
const nameOf = (filename: string, title: string | undefined): string => {
  if (!title) return filename;
  const ending = /\.[A-Za-z0-9]+$/.exec(filename)?.[0] ?? '';
  return title.endsWith(ending) ? title : `${title}${ending}`;
};

/**
 * Names in the place of ids; formatting stays as it was typed.
 * @see https://discord.com/developers/docs/reference#message-formatting-formats
 */
const plainText = (content: string, mentions: APIMessage['mentions']): string =>
  content
    .replace(/<@!?(\d+)>/g, (_, id: string) => {
      const mentioned = mentions.find((user) => user.id === id);
      return `@${mentioned?.global_name ?? mentioned?.username ?? 'somebody'}`;
    })
    // A role's name is not told; a bot has one of its own name, which people pick by mistake.
    .replace(/<@&\d+>/g, '@role')
    .replace(/<a?:(\w+):\d+>/g, ':$1:')
    .replace(/<((?:https?):\/\/[^ >]+)>/g, '$1');

const MEDIA: readonly (readonly [isThere: (message: Said) => boolean, plural: string])[] = [
  [({ message_snapshots: forwarded }) => (forwarded ?? []).length > 0, 'Forwarded messages'],
  [({ sticker_items: stickers }) => (stickers ?? []).length > 0, 'Stickers'],
  [({ poll }) => poll !== undefined && poll !== null, 'Polls'],
];
