import {
  addressedCommand,
  type CommandSummary,
  type Inbound,
  type Instant,
  type MessageRef,
  type Operator,
  typedCommand,
} from '@pocketping/core';
import { type APIMessage, type GatewayMessageCreateDispatchData, MessageType } from 'discord.js';
import { contentOf, textOf } from './content.js';

/** A message as the gateway tells of it, or the API. */
export type Message = APIMessage & Partial<Pick<GatewayMessageCreateDispatchData, 'member'>>;

/** What a command begins with. */
export const PREFIX = '!';

/** Where something was said: in a thread of ours, or in the channel itself. */
export type Place = { readonly threadId: string } | 'channel';

/** How what is said in a channel belongs to conversations. */
export interface Hearing {
  readonly chatId: string;
  /** The thread of the engine's that a message stands in. */
  threadOf(message: Message, place: Place): string | undefined;
  /** Whether it may be meant for a visitor, where it is no command. */
  concerns(threadId: string | undefined): boolean;
  /** The bot's own id, as far as it is known. */
  botId(): string | undefined;
  /** It may as well be the team's own talk. */
  readonly isAside: boolean;
}

/** What is typed into a thread is for its visitor; what is said in the channel itself is the team's own talk. */
export const inThreads = (chatId: string, botId: () => string | undefined): Hearing => ({
  chatId,
  botId,
  threadOf: (_, place) => (place === 'channel' ? undefined : place.threadId),
  concerns: (threadId) => threadId !== undefined,
  isAside: false,
});

/**
 * What somebody of the team wrote, or undefined when it is not for the engine: what bots and webhooks say, what Discord
 * says itself, and the team's own talk.
 * @param edited it is told of because it was changed
 * @param commands everything that a team can type
 * @see https://discord.com/developers/docs/resources/message#message-object
 */
export const parse = (
  message: Message,
  edited: boolean,
  place: Place,
  hearing: Hearing,
  commands: readonly CommandSummary[],
): Inbound | undefined => {
  const operator = operatorOf(message);
  if (!operator || !HEARD.has(message.type)) return undefined;
  if (!isId(message.id) || !isId(operator.id)) throw new Error('The message has no id, or nobody’s.');
  const sentAt = instantOf(message.timestamp);
  // Also a preview of a link makes Discord tell of a change.
  if (edited && !message.edited_timestamp) return undefined;
  const threadId = hearing.threadOf(message, place);
  const thread = threadId === undefined ? {} : { threadId };
  const ref: MessageRef = { chatId: hearing.chatId, platformId: message.id, ...thread };
  const target = targetOf(message);
  const replyTo = target === undefined ? {} : { replyTo: { ...ref, platformId: target } };
  const content = contentOf(message);
  const undeliverable = content.undeliverable === undefined ? {} : { undeliverable: content.undeliverable };
  const command = addressed(message, hearing.botId()) ?? typedCommand(content.text, PREFIX, commands);
  if (command && !edited) {
    const withFiles = content.files.length > 0 ? { undeliverable: 'Files' } : {};
    const leftOut = { ...withFiles, ...undeliverable };
    return { kind: 'command', operator, at: sentAt, ref, ...command, ...replyTo, ...leftOut };
  }
  if (!hearing.concerns(threadId)) return undefined;
  const editedAt = message.edited_timestamp ? instantOf(message.edited_timestamp) : undefined;
  const said = {
    operator,
    ref,
    content: content.text,
    ...(content.files.length > 0 && { files: content.files }),
    ...replyTo,
    ...(hearing.isAside && { aside: true as const }),
    ...undeliverable,
  };
  return edited && editedAt !== undefined && message.edited_timestamp
    ? {
        kind: 'edit',
        ...said,
        ...(command && { command }),
        version: versionOf(message.edited_timestamp),
        at: editedAt,
        sentAt,
      }
    : {
        kind: 'message',
        ...said,
        version: versionOf(message.edited_timestamp ?? message.timestamp),
        at: sentAt,
      };
};

/** A message is gone. Discord does not tell who deleted it. */
export const deletion = (messageId: string, place: Place, { chatId }: Hearing, at: Instant): Inbound => ({
  kind: 'delete',
  operator: { id: 'discord', name: 'Somebody in Discord' },
  at,
  ref: { chatId, platformId: messageId, ...(place === 'channel' ? {} : place) },
});

/** What people write; everything else Discord says itself. @see https://discord.com/developers/docs/resources/message#message-object-message-types */
const HEARD: ReadonlySet<number> = new Set([MessageType.Default, MessageType.Reply]);

/** What somebody tells the bot that they mention first. Before it is known which one the bot is, any is taken for it. */
const addressed = (message: Message, botId: string | undefined) => {
  const [mention, id] = MENTION.exec(message.content ?? '') ?? [];
  if (mention === undefined) return undefined;
  const isBot = botId === undefined ? message.mentions?.find((user) => user.id === id)?.bot : id === botId;
  if (!isBot) return undefined;
  return addressedCommand(textOf({ ...message, content: message.content.slice(mention.length) }));
};

/** @see https://discord.com/developers/docs/reference#message-formatting-formats */
const MENTION = /^[\s\p{Cf}]*<@!?(\d+)>/u;

/** A person; no bot, and no webhook. */
const operatorOf = ({ author, member, webhook_id }: Message): Operator | undefined => {
  if (!author || author.bot === true || webhook_id !== undefined) return undefined;
  const names: readonly unknown[] = [member?.nick, author.global_name, author.username];
  const name = names.find((each) => typeof each === 'string' && each !== '');
  return { id: author.id, name: (name as string | undefined) ?? author.id };
};

const targetOf = ({ type, message_reference: target }: Message): string | undefined =>
  type === MessageType.Reply && isId(target?.message_id) ? target.message_id : undefined;

/** @see https://discord.com/developers/docs/reference#snowflakes */
export const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{1,20}$/.test(value);

/** In microseconds, which is how Discord tells two edits apart. */
const versionOf = (timestamp: string): number => {
  const [, beyond = ''] = /\.\d{3}(\d{3})/.exec(timestamp) ?? [];
  return instantOf(timestamp) * 1000 + Number(beyond);
};

const instantOf = (timestamp: string): Instant => {
  const at = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(at)) throw new Error('The message has no date.');
  return at;
};
