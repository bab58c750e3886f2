import type { BridgeHost, Inbound } from '@pocketping/core';
import type { Update } from 'grammy/types';
import { messageIn, parse, type Reader } from './parse.js';

/** Takes the bot's updates and hands over what concerns the team's group. Rejects when the host did not take it. */
export const listener = (
  chatId: string,
  bot: Reader,
  host: BridgeHost,
): ((update: Update) => Promise<void>) => {
  let foreignChatLogged = false;
  return async (update) => {
    const inbound = understood(update, bot, host);
    if (!inbound) return;
    if (inbound.ref.chatId === chatId) return host.receive(inbound);
    if (foreignChatLogged) return;
    foreignChatLogged = true;
    host.logger.debug(
      { chatId: inbound.ref.chatId, forumChatId: chatId },
      'Messages of other Telegram chats are ignored',
    );
  };
};

/** Reading an update again would fail again, and would hold up everything behind it. */
const understood = (update: Update, bot: Reader, host: BridgeHost): Inbound | undefined => {
  try {
    const inbound = parse(update, bot);
    if (!inbound) host.logger.debug(kindOf(update), 'Passed over a Telegram update');
    return inbound;
  } catch (err) {
    host.logger.error({ err, ...kindOf(update) }, 'Did not understand a Telegram update; passed over it');
    return undefined;
  }
};

/** What an update is about, without anybody's words. */
const kindOf = (update: Update) => ({
  updateId: update.update_id,
  holds: Object.keys(messageIn(update) ?? update),
});
