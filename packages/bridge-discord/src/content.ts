import type { APIMessage } from 'discord.js';

/** What a message says, and what it holds that cannot be passed on. */
export interface Content {
  readonly text: string;
  /** In words that complete "… cannot be delivered yet". */
  readonly undeliverable?: string;
}

/** What of a message is read. */
export type Said = Pick<
  APIMessage,
  'content' | 'mentions' | 'attachments' | 'embeds' | 'sticker_items' | 'poll' | 'message_snapshots'
>;

/** What a person wrote, as a visitor can read it. */
export const contentOf = (message: Said): Content => {
  const text = plainText(message.content, message.mentions ?? []);
  const [undeliverable] = MEDIA.flatMap(([isThere, plural]) => (isThere(message) ? [plural] : []));
  return undeliverable === undefined ? { text } : { text, undeliverable };
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
    .replace(/<a?:(\w+):\d+>/g, ':$1:')
    .replace(/<((?:https?):\/\/[^ >]+)>/g, '$1');

const MEDIA: readonly (readonly [isThere: (message: Said) => boolean, plural: string])[] = [
  [({ message_snapshots: forwarded }) => (forwarded ?? []).length > 0, 'Forwarded messages'],
  [({ attachments }) => (attachments ?? []).length > 0, 'Files'],
  [({ sticker_items: stickers }) => (stickers ?? []).length > 0, 'Stickers'],
  [({ poll }) => poll !== undefined && poll !== null, 'Polls'],
];
