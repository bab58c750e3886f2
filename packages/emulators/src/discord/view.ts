import type { Guild } from './guild.js';
import { type Entity, type NameOf, type Shown, shownOf } from './markdown.js';
import { instantOf } from './snowflake.js';
import { MessageType, type StoredAttachment, type StoredMessage, type StoredThread } from './state.js';

export interface DiscordPerson {
  readonly id: string;
  readonly name: string;
  readonly isBot: boolean;
}

/** An embed as people read it. */
export interface ShownEmbed {
  /** Such as `#5865f2`. */
  readonly color?: string;
  readonly title?: Shown;
  readonly description?: Shown;
  readonly footer?: string;
}

/** A file as people see it. */
export interface ShownFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Its media type. */
  readonly type: string;
  /** Where it is to be had, for a day. */
  readonly url: string;
}

/** A message as people see it. What was deleted keeps its id and loses its content. */
export interface DiscordMessage {
  readonly kind: 'message';
  readonly id: string;
  /** The thread or channel that it stands in. */
  readonly channelId: string;
  readonly from: DiscordPerson;
  /** Unix milliseconds. */
  readonly at: number;
  /** `text`, or what Discord itself tells of. */
  readonly type: 'text' | 'renamed' | 'thread_created';
  /** What people read, without markup. */
  readonly text: string;
  readonly entities: readonly Entity[];
  /** Whom it rings, such as `@everyone`. */
  readonly mentions: readonly string[];
  readonly embeds: readonly ShownEmbed[];
  readonly files: readonly ShownFile[];
  /** As it was sent. */
  readonly raw: string;
  readonly replyTo?: { readonly id: string; readonly from: string; readonly text: string };
  /** Emoji of everyone who reacted, each once. */
  readonly reactions: readonly string[];
  readonly edited: boolean;
  readonly deleted: boolean;
}

export interface DiscordThread {
  readonly kind: 'thread';
  readonly id: string;
  readonly parentId: string;
  readonly title: string;
  readonly archived: boolean;
  readonly locked: boolean;
  readonly deleted: boolean;
  /** Unix milliseconds. */
  readonly at: number;
}

export const threadView = (thread: StoredThread): DiscordThread => ({
  kind: 'thread',
  id: thread.id,
  parentId: thread.parentId,
  title: thread.deleted ? '' : thread.name,
  archived: thread.archived,
  locked: thread.locked,
  deleted: thread.deleted,
  at: instantOf(thread.id),
});

export const messageView = (guild: Guild, message: StoredMessage): DiscordMessage => {
  const { deleted = false } = message;
  const from = authorOf(guild, message);
  const shown = deleted ? NOTHING : wordsOf(guild, message, from.name);
  return {
    kind: 'message',
    id: message.id,
    channelId: message.channelId,
    from,
    at: instantOf(message.id),
    type: TYPES[message.type] ?? 'text',
    ...shown,
    mentions: deleted ? [] : (message.mentions ?? []),
    embeds: deleted ? [] : embedsOf(guild, message),
    files: deleted ? [] : message.attachments.map((attachment) => fileView(guild, message, attachment)),
    raw: deleted ? '' : message.content,
    ...quoteOf(guild, message),
    reactions: Object.keys(message.reactions),
    edited: message.editedAt !== undefined,
    deleted,
  };
};

const fileView = (guild: Guild, { channelId }: StoredMessage, attachment: StoredAttachment): ShownFile => {
  const { filename, title, size, contentType: type } = attachment;
  const ending = /\.[A-Za-z0-9]+$/.exec(filename)?.[0] ?? '';
  const name = title === undefined ? filename : `${title}${ending}`;
  return { name, size, type, url: guild.cdn.addressOf(channelId, attachment) };
};

export const personView = (guild: Guild, id: string): DiscordPerson => {
  const user = guild.users.get(id);
  return { id, name: user?.displayName ?? 'Deleted User', isBot: user?.bot ?? false };
};

const NOTHING: Shown = { text: '', entities: [] };

const TYPES: Readonly<Record<number, DiscordMessage['type']>> = {
  [MessageType.renamed]: 'renamed',
  [MessageType.threadCreated]: 'thread_created',
};

const authorOf = (guild: Guild, { authorId, webhookId, webhookName }: StoredMessage): DiscordPerson =>
  webhookId === undefined
    ? personView(guild, authorId)
    : { id: webhookId, name: webhookName ?? 'Webhook', isBot: true };

const wordsOf = (guild: Guild, message: StoredMessage, who: string): Shown => {
  switch (message.type) {
    case MessageType.renamed:
      return { text: `${who} changed the name: ${message.content}`, entities: [] };
    case MessageType.threadCreated:
      return { text: `${who} started a thread: ${message.content}`, entities: [] };
    default:
      return shownOf(message.content, namesIn(guild));
  }
};

const namesIn =
  (guild: Guild): NameOf =>
  (kind, id) => {
    if (kind === 'user') return guild.users.get(id)?.displayName;
    return kind === 'channel' ? (guild.channels.get(id)?.name ?? guild.thread(id)?.name) : undefined;
  };

const embedsOf = (guild: Guild, { embeds }: StoredMessage): ShownEmbed[] =>
  embeds.map(({ color, title, description, footer }) => ({
    ...(color === undefined ? {} : { color: `#${color.toString(16).padStart(6, '0')}` }),
    ...(title === undefined ? {} : { title: shownOf(title, namesIn(guild)) }),
    ...(description === undefined ? {} : { description: shownOf(description, namesIn(guild)) }),
    ...(footer === undefined ? {} : { footer: footer.text }),
  }));

const quoteOf = (guild: Guild, message: StoredMessage): Pick<DiscordMessage, 'replyTo'> => {
  const id = message.type === MessageType.reply ? message.reference?.messageId : undefined;
  const target = id === undefined ? undefined : guild.message(id);
  if (!target || message.deleted) return {};
  const from = authorOf(guild, target).name;
  const { text } = wordsOf(guild, target, from);
  const [embed] = embedsOf(guild, target);
  return { replyTo: { id: target.id, from, text: text || embed?.description?.text || 'Attachment' } };
};
