import { isService, wordsOf } from './content.js';
import type { Place, StoredMessage } from './state.js';

/** Whether the bot is in the chat: only then does it hear of anything. */
export const present = ({ membership }: Place['chat']): boolean =>
  membership.status === 'administrator' || membership.status === 'member';

/**
 * Whether the bot is told of a message. Everything in private chats; in groups everything if it is an administrator or
 * its privacy mode is off, else commands, replies to its own messages, mentions of it, and service messages. Its own
 * messages never, unless they are service messages.
 * @see https://core.telegram.org/bots/features#privacy-mode
 */
export function hears(place: Place, message: StoredMessage): boolean {
  const { state, chat } = place;
  if (!present(chat)) return false;
  if (isService(message.content)) return true;
  if (message.fromId === state.bot.id) return false;
  if (chat.type === 'private' || chat.membership.status === 'administrator' || !state.privacy) return true;
  const target = message.replyToId === undefined ? undefined : chat.messages.get(message.replyToId);
  return target?.fromId === state.bot.id || addressed(place, message);
}

/** Whether a message names the bot, or is a command that is not meant for another one. */
function addressed({ state }: Place, { content }: StoredMessage): boolean {
  const words = wordsOf(content);
  const own = `@${state.bot.username}`.toLowerCase();
  return (words?.entities ?? []).some(({ type, offset, length }) => {
    const marked = words!.text.slice(offset, offset + length).toLowerCase();
    if (type === 'mention') return marked === own;
    return type === 'bot_command' && (!marked.includes('@') || marked.endsWith(own));
  });
}
