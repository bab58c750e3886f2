import { attach, attachedTo } from '../attachments.js';
import {
  anothersMessage,
  invalidForm,
  noText,
  systemMessage,
  threadArchived,
  threadLocked,
  unknownMessage,
} from '../errors.js';
import type { Guild } from '../guild.js';
import { byAge, isSnowflake } from '../snowflake.js';
import { ChannelType, MessageType, type StoredMessage, type StoredThread } from '../state.js';
import { messageObject } from '../wire.js';
import { idOf, messageAt, need, type Place, placeAt } from './access.js';
import { wordsFrom } from './content.js';
import type { Route, RouteInput } from './route.js';

/** Characters. @see https://discord.com/developers/docs/resources/message#create-message */
const NONCE_LENGTH = 25;

/** @see https://discord.com/developers/docs/resources/message */
export const messageRoutes: readonly Route[] = [
  {
    name: 'POST /channels/{channel}/messages',
    run: ({ guild, nonces }, { at, body, files }) => {
      const place = placeAt(guild, at.channel);
      checkMayPost(guild, place);
      if (files.length > 0) need(guild, 'ATTACH_FILES');
      const attached = attachedTo(body, files);
      const words = wordsFrom(body, undefined, attached.length > 0);
      const nonce = nonceFrom(body);
      const known =
        nonce !== undefined && body.enforce_nonce === true ? nonces.find(String(nonce)) : undefined;
      const earlier = known === undefined ? undefined : guild.messages.get(known);
      if (earlier) return messageObject(guild, earlier);
      const reference = referenceFrom(guild, place, body);
      const message = guild.post({
        ...words,
        attachments: attach(guild, attached),
        channelId: idOf(place),
        authorId: guild.bot.id,
        ...(nonce === undefined ? {} : { nonce }),
        ...(reference && { reference, type: MessageType.reply }),
      });
      if (nonce !== undefined) nonces.keep(String(nonce), message.id);
      return messageObject(guild, message);
    },
  },
  {
    name: 'GET /channels/{channel}/messages',
    run: ({ guild }, { at, query }) => {
      const place = placeAt(guild, at.channel);
      // Without the permission the list is empty. @see https://discord.com/developers/docs/resources/message#get-channel-messages
      if (!guild.permissions.has('READ_MESSAGE_HISTORY')) return [];
      return page(guild.messagesIn(idOf(place)), query).map((message) => messageObject(guild, message));
    },
  },
  {
    name: 'GET /channels/{channel}/messages/{message}',
    run: ({ guild }, { at }) => {
      const place = placeAt(guild, at.channel);
      need(guild, 'READ_MESSAGE_HISTORY');
      return messageObject(guild, messageAt(guild, idOf(place), at.message));
    },
  },
  {
    name: 'PATCH /channels/{channel}/messages/{message}',
    run: ({ guild }, { at, body }) => {
      const place = placeAt(guild, at.channel);
      const message = messageAt(guild, idOf(place), at.message);
      checkActive(place.thread);
      if (message.authorId !== guild.bot.id || message.webhookId !== undefined) throw anothersMessage();
      if (isService(message)) throw systemMessage();
      return messageObject(
        guild,
        guild.edit(message, wordsFrom(body, message, message.attachments.length > 0)),
      );
    },
  },
  {
    name: 'DELETE /channels/{channel}/messages/{message}',
    run: ({ guild }, { at }) => {
      const place = placeAt(guild, at.channel);
      const message = messageAt(guild, idOf(place), at.message);
      if (message.authorId !== guild.bot.id) need(guild, 'MANAGE_MESSAGES');
      guild.remove(message);
    },
  },
  {
    name: 'PUT /channels/{channel}/messages/{message}/reactions/{emoji}/@me',
    run: ({ guild }, { at }) => {
      const place = placeAt(guild, at.channel);
      const message = messageAt(guild, idOf(place), at.message);
      checkActive(place.thread);
      need(guild, 'READ_MESSAGE_HISTORY');
      if (!message.reactions[at.emoji ?? '']) need(guild, 'ADD_REACTIONS');
      guild.react(message, at.emoji ?? '', guild.bot.id, true);
    },
  },
  {
    name: 'DELETE /channels/{channel}/messages/{message}/reactions/{emoji}/@me',
    run: ({ guild }, { at }) => {
      const place = placeAt(guild, at.channel);
      checkActive(place.thread);
      guild.react(messageAt(guild, idOf(place), at.message), at.emoji ?? '', guild.bot.id, false);
    },
  },
  {
    name: 'POST /channels/{channel}/typing',
    run: ({ guild }, { at }) => {
      const place = placeAt(guild, at.channel);
      checkMayPost(guild, place);
      guild.typing(idOf(place), guild.bot);
    },
  },
];

const checkMayPost = (guild: Guild, { channel, thread }: Place): void => {
  if (!thread && channel.type === ChannelType.forum) throw noText();
  if (thread?.locked && !guild.permissions.has('MANAGE_THREADS')) throw threadLocked();
  need(guild, thread ? 'SEND_MESSAGES_IN_THREADS' : 'SEND_MESSAGES');
};

/** @see https://discord.com/developers/docs/topics/threads#active-archived-threads */
const checkActive = (thread: StoredThread | undefined): void => {
  if (thread?.archived) throw threadArchived();
};

const isService = ({ type }: StoredMessage): boolean =>
  type !== MessageType.plain && type !== MessageType.reply;

const nonceFrom = ({ nonce }: RouteInput['body']): string | number | undefined => {
  if (nonce === undefined || nonce === null) return undefined;
  if (typeof nonce !== 'string' && !Number.isSafeInteger(nonce)) {
    throw invalidForm('nonce', 'NONCE_TYPE_INVALID', 'Nonce must be an integer or a string.');
  }
  if (String(nonce).length > NONCE_LENGTH) {
    throw invalidForm('nonce', 'BASE_TYPE_MAX_LENGTH', `Must be ${NONCE_LENGTH} or fewer in length.`);
  }
  return nonce as string | number;
};

/** Undefined also where the message is gone and the request says that then it wants to be a plain one. */
const referenceFrom = (
  guild: Guild,
  place: Place,
  { message_reference: given }: RouteInput['body'],
): StoredMessage['reference'] => {
  if (given === undefined || given === null) return undefined;
  const { message_id: messageId, fail_if_not_exists: fails = true } = given as Record<string, unknown>;
  const target = isSnowflake(messageId) ? guild.message(messageId) : undefined;
  if (target?.channelId === idOf(place)) {
    if (isService(target)) {
      throw invalidForm(
        'message_reference',
        'REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE',
        'Cannot reply to a system message',
      );
    }
    need(guild, 'READ_MESSAGE_HISTORY');
    return { channelId: target.channelId, messageId: target.id };
  }
  if (fails !== false) {
    throw invalidForm('message_reference', 'MESSAGE_REFERENCE_UNKNOWN_MESSAGE', 'Unknown message');
  }
  return undefined;
};

/** Newest first, whichever way the page was asked for. @throws DiscordApiError 50035 */
const page = (messages: readonly StoredMessage[], query: URLSearchParams): StoredMessage[] => {
  const limit = Number(query.get('limit') ?? 50);
  if (!(limit >= 1 && limit <= 100)) {
    throw invalidForm('limit', 'NUMBER_TYPE_MAX', 'int value should be between 1 and 100.');
  }
  const [after, before] = [query.get('after'), query.get('before')];
  const sorted = messages.toSorted(byAge);
  if (after !== null) {
    const id = cursor(after);
    return sorted
      .filter((one) => BigInt(one.id) > id)
      .slice(0, limit)
      .reverse();
  }
  const id = before === null ? undefined : cursor(before);
  return sorted
    .filter((one) => id === undefined || BigInt(one.id) < id)
    .slice(-limit)
    .reverse();
};

const cursor = (text: string): bigint => {
  if (!isSnowflake(text)) throw unknownMessage();
  return BigInt(text);
};
