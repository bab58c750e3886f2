import { addressedCommand, type Inbound, type InboundFile, type MessageRef } from '@pocketping/core';
import { isBlank } from '@pocketping/core/rendering';
import { type Fields, fieldsOf, plainText, type Token, textOf, tokensOf } from './content.js';
import { sharedIn } from './team-files.js';

/** Who reads, and where. */
export interface Reader {
  readonly channelId: string;
  readonly botUserId: string;
  /** What people type after an `@` to mention the bot. */
  readonly botName: string;
  /** What a person is called. */
  nameOf(userId: string): Promise<string>;
}

/**
 * What somebody of the team did, or undefined when it is not for the engine: what apps say, what Slack says itself, what
 * happens elsewhere, and the team's own talk.
 * @see https://docs.slack.dev/reference/events/message
 */
export const parse = async (event: Fields, reader: Reader): Promise<Inbound | undefined> => {
  if (event.type !== 'message' && event.type !== 'app_mention') return undefined;
  if (event.channel !== reader.channelId) return undefined;
  switch (event.subtype) {
    case 'message_changed':
      return changed(event, reader);
    case 'message_deleted':
      return deleted(event, reader);
    default:
      return written(event, reader);
  }
};

/** What people write has no subtype, or one of these. */
const WRITTEN: ReadonlySet<unknown> = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);

const written = async (message: Fields, reader: Reader): Promise<Inbound | undefined> => {
  const tokens = tokensOf(message);
  const said = await saidBy(message, tokens, reader);
  if (!said) return undefined;
  const { operator, ref, content, files } = said;
  const at = millisecondsOf(ref.platformId);
  const command = commandIn(tokens, reader);
  if (command) {
    const withFiles = files ? { undeliverable: 'Files' } : {};
    return { kind: 'command', operator, at, ref, ...command, ...withFiles, ...undeliverable(message, said) };
  }
  if (!concerns(message, ref, reader)) return undefined;
  return {
    kind: 'message',
    operator,
    at,
    ref,
    content,
    ...(files && { files }),
    version: versionOf(message),
    ...undeliverable(message, said),
  };
};

const changed = async (event: Fields, reader: Reader): Promise<Inbound | undefined> => {
  const message = fieldsOf(event.message);
  const { edited } = message;
  const previous = fieldsOf(event.previous_message);
  // A preview of a link, a new reply in the thread and the like change a message, too, and nobody's words. Slack says when
  // somebody did to the second.
  const isOld = fieldsOf(edited).ts === fieldsOf(previous.edited).ts && message.text === previous.text;
  if (!edited || isOld) return undefined;
  const tokens = tokensOf(message);
  const said = await saidBy({ ...message, channel: event.channel }, tokens, reader);
  if (!said || !concerns(message, said.ref, reader)) return undefined;
  const command = commandIn(tokens, reader);
  const when = textOf(event.event_ts) || textOf(event.ts);
  if (!TS.test(when)) throw new Error('The change has no ts.');
  return {
    kind: 'edit',
    ...said,
    at: millisecondsOf(when),
    sentAt: millisecondsOf(said.ref.platformId),
    version: microsecondsOf(when),
    ...(command && { command }),
    ...undeliverable(message, said),
  };
};

const deleted = async (event: Fields, reader: Reader): Promise<Inbound | undefined> => {
  const previous = { ...fieldsOf(event.previous_message), ts: event.deleted_ts, channel: event.channel };
  const said = await saidBy(previous, [], reader);
  if (!said || !concerns(previous, said.ref, reader)) return undefined;
  const { operator, ref } = said;
  return { kind: 'delete', operator, ref, at: millisecondsOf(textOf(event.event_ts) || textOf(event.ts)) };
};

interface Said {
  readonly operator: { readonly id: string; readonly name: string };
  readonly ref: MessageRef;
  readonly content: string;
  readonly files?: readonly InboundFile[];
}

const saidBy = async (
  message: Fields,
  tokens: readonly Token[],
  reader: Reader,
): Promise<Said | undefined> => {
  const userId = textOf(message.user);
  const ts = textOf(message.ts);
  if (!WRITTEN.has(message.subtype) || !isPerson(message, userId, reader)) return undefined;
  if (!TS.test(ts)) throw new Error('The message has no ts.');
  const threadTs = textOf(message.thread_ts);
  if (threadTs !== '' && !TS.test(threadTs)) throw new Error('The message is in no thread that could be.');
  const mentioned = tokens.flatMap((token) => (token.kind === 'user' ? [token.id] : [])).slice(0, MOST_NAMES);
  const names = new Map<string, string>();
  await Promise.all([userId, ...mentioned].map(async (id) => names.set(id, await reader.nameOf(id))));
  const { files, links } = sharedIn(message);
  return {
    operator: { id: userId, name: names.get(userId) ?? userId },
    ref: {
      chatId: reader.channelId,
      platformId: ts,
      ...(threadTs !== '' && threadTs !== ts && { threadId: threadTs }),
    },
    content: [plainText(tokens, (id) => names.get(id)), ...links].filter((line) => line !== '').join('\n'),
    ...(files.length > 0 && { files }),
  };
};

/** Mentions in one message whose names are asked for. */
const MOST_NAMES = 10;

/** Apps, the bot itself among them, write under the id of one; Slack itself under a user's of its own. */
const isPerson = (message: Fields, userId: string, { botUserId }: Reader): boolean =>
  userId !== '' &&
  userId !== botUserId &&
  userId !== 'USLACKBOT' &&
  message.bot_id === undefined &&
  message.bot_profile === undefined;

/** What is written in the channel itself is the team's own talk, and so is what is said in a thread that is not ours. */
const concerns = (message: Fields, ref: MessageRef, { botUserId }: Reader): boolean => {
  const began = textOf(message.parent_user_id);
  return ref.threadId !== undefined && (began === '' || began === botUserId);
};

/**
 * Whoever mentions the bot tells it something, wherever in the message: it must not reach the visitor. A message that begins
 * with the mention is a command; any other is words that happen to name the bot, and must not set anything off: they are
 * answered with help, and so is nothing else than the mention.
 */
const commandIn = (
  tokens: readonly Token[],
  { botUserId, botName }: Reader,
): { name: string; args: string } | undefined => {
  const typed = behindTypedName(tokens, botName);
  if (typed !== undefined) return addressedCommand(typed);
  const isMention = (token: Token) => token.kind === 'user' && token.id === botUserId;
  const others = tokens.filter((token) => !isMention(token));
  if (others.length === tokens.length) return undefined;
  const words = plainText(others, () => undefined);
  const [first] = tokens.filter((token) => token.kind === 'user' || !isBlank(token.text));
  if (!first || !isMention(first)) return { name: 'help', args: words };
  return addressedCommand(words);
};

/** Whoever types the bot's name without picking it from the list that Slack offers means the bot as well. */
const behindTypedName = (tokens: readonly Token[], botName: string): string | undefined => {
  const words = plainText(tokens, () => undefined).replace(/^[\s\p{Cf}]+/u, '');
  const name = `@${botName}`;
  if (tokens[0]?.kind !== 'text' || words.slice(0, name.length).toLowerCase() !== name.toLowerCase())
    return undefined;
  const rest = words.slice(name.length);
  return /^[\p{L}\p{N}_]/u.test(rest) ? undefined : rest;
};

const undeliverable = (message: Fields, { content, files }: Said): { undeliverable?: string } => {
  const { undeliverable } = sharedIn(message);
  if (undeliverable !== undefined) return { undeliverable };
  if (files) return {};
  if (content !== '' || !Array.isArray(message.attachments) || message.attachments.length === 0) return {};
  return { undeliverable: 'Forwarded messages' };
};

const TS = /^\d{1,10}\.\d{6}$/;

/** A message that is found later may have been edited before. Slack says when, to the second. */
const versionOf = (message: Fields): number =>
  Math.max(microsecondsOf(textOf(message.ts)), microsecondsOf(textOf(fieldsOf(message.edited).ts)));

const microsecondsOf = (ts: string): number => (TS.test(ts) ? Number(ts.replace('.', '')) : 0);

const millisecondsOf = (ts: string): number => Math.floor(microsecondsOf(ts) / 1000);
