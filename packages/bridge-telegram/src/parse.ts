import {
  addressedCommand,
  type CommandSummary,
  type Inbound,
  type InboundCommand,
  type MessageRef,
  type Operator,
  typedCommand,
} from '@pocketping/core';
import type { Message, Update } from 'grammy/types';
import { contentOf } from './content.js';
import type { Hearing } from './hearing.js';
import { requireWellFormed } from './well-formed.js';

/** The bot that reads, by which it knows itself and its commands. */
export interface Reader {
  readonly id: number;
  /** Needed only where a command names a bot. */
  readonly username: string | undefined;
}

/** The message that an update is about. */
export const messageIn = (update: Update): Message | undefined => update.message ?? update.edited_message;

/**
 * What somebody of the team did, or undefined when the update is not for the engine: what bots say, what Telegram
 * says itself, and the team's own talk.
 * @param commands everything that a team can type
 * @see https://core.telegram.org/bots/api#update
 */
export const parse = (
  update: Update,
  bot: Reader,
  hearing: Hearing,
  commands: readonly CommandSummary[],
): Inbound | undefined => {
  const message = messageIn(update);
  const operator = message && operatorOf(message, bot);
  if (!message || !operator || message.message_id === 0) return undefined;
  requireWellFormed(message);
  const at = message.date * 1000;
  const threadId = hearing.threadOf(message);
  const ref = refOf(message, threadId);
  if (message.forum_topic_closed && threadId !== undefined) {
    return { kind: 'command', operator, at, ref, name: 'close', args: '', implied: true };
  }

  const content = contentOf(message);
  if (content === undefined) return undefined;
  const command = commandIn(message, bot, commands);
  if (command !== undefined && !isFor(bot, command)) return undefined;
  const target = hearing.targetOf(message, threadId);
  const replyTo = target ? { replyTo: target } : {};
  const { files, holds } = content;
  const undeliverable = holds === undefined ? {} : { undeliverable: holds };
  if (command !== undefined && !update.edited_message) {
    if (command.name === 'delete' && target) {
      const isPersons = message.reply_to_message?.from?.is_bot === false ? { isPersons: true as const } : {};
      return { kind: 'delete', operator, at, ref: target, asked: ref, ...isPersons };
    }
    const { addressee: _, ...asked } = command;
    return { kind: 'command', operator, at, ref, ...asked, ...replyTo, ...undeliverable };
  }

  if (!hearing.concerns(threadId)) return undefined;
  // A shared position moves on by edits, and there is nothing new to say about each of them.
  if (update.edited_message && message.location) return undefined;
  const said = {
    operator,
    ref,
    content: content.text,
    version: versionOf(message, update.update_id),
    ...replyTo,
    ...(hearing.isAside(message) && { aside: true as const }),
    ...(files ? { files } : undeliverable),
  };
  return update.edited_message
    ? {
        kind: 'edit',
        ...said,
        ...(command && { command: { name: command.name, args: command.args } }),
        at: (message.edit_date ?? message.date) * 1000,
        sentAt: at,
      }
    : { kind: 'message', ...said, at };
};

/** What a command begins with. */
export const PREFIX = '/';

/** Whether it takes the bot's name to read an update: somebody may have a command for another bot, or mention this one. */
export const namesABot = (update: Update): boolean => {
  const words = wordsIn(messageIn(update));
  return ADDRESSED.test(words) || MENTION.test(words);
};

/** A person, or the group or channel in whose name an administrator writes; no bot. */
const operatorOf = ({ from, sender_chat: chat }: Message, bot: Reader): Operator | undefined => {
  if (from?.id === bot.id) return undefined;
  if (chat) return { id: String(chat.id), name: namesIn(chat.title, chat.username)[0] ?? String(chat.id) };
  if (!from || from.is_bot) return undefined;
  const name = namesIn(from.first_name, from.last_name).join(' ');
  return { id: String(from.id), name: name || namesIn(from.username)[0] || String(from.id) };
};

const namesIn = (...values: readonly unknown[]): string[] =>
  values.filter((value) => typeof value === 'string' && value !== '') as string[];

const refOf = (message: Message, threadId: string | undefined): MessageRef => ({
  chatId: String(message.chat.id),
  platformId: String(message.message_id),
  ...(threadId === undefined ? {} : { threadId }),
});

/** Two edits in one second are told apart by their updates; the same update always has the same version. */
const versionOf = ({ edit_date, date }: Message, updateId: number): number =>
  (edit_date ?? date) * UPDATES_PER_SECOND + (updateId % UPDATES_PER_SECOND);

const UPDATES_PER_SECOND = 2 ** 20;

interface Command extends Pick<InboundCommand, 'name' | 'args' | 'slipped'> {
  /** The bot it names, if it names one. */
  readonly addressee: string | undefined;
}

/** What somebody tells the bot that they mention first is a command. Telegram itself marks only commands of Latin letters, digits and `_` that stand right behind the sign. */
const commandIn = (
  message: Message,
  bot: Reader,
  commands: readonly CommandSummary[],
): Command | undefined => {
  const words = wordsIn(message);
  const [mention, username] = MENTION.exec(words) ?? [];
  if (mention !== undefined && isFor(bot, { addressee: username })) {
    const { name, args } = addressedCommand(words.slice(mention.length));
    return { name: nameOf(name), args, addressee: username };
  }
  const [, addressee] = ADDRESSED.exec(words) ?? [];
  const typed = typedCommand(words.replace(ADDRESSED, ''), PREFIX, commands);
  return typed && { ...typed, name: nameOf(typed.name), addressee };
};

/** E.g. what follows the name in `/close@AcmePocketPingBot`. @see https://core.telegram.org/bots/features#commands */
const ADDRESSED = /(?<=^\s*\/[\s/]*[^\s/@]+)@(\w+)/;

/** A person or a bot is told something. */
const MENTION = /^@(\w+)/;

/** Without what nobody sees at the beginning. */
const wordsIn = (message: Message | undefined): string =>
  (message?.text ?? message?.caption ?? '').replace(/^[\s\p{Cf}]+/u, '');

/** The button with which a chat with a bot begins sends `/start`. Whoever taps it has everything to learn. */
const nameOf = (typed: string): string => (typed === 'start' ? 'help' : typed);

const isFor = (bot: Reader, { addressee }: Pick<Command, 'addressee'>): boolean =>
  addressee === undefined || addressee.toLowerCase() === bot.username?.toLowerCase();
