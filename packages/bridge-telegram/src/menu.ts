import { BridgeError, type BridgeHost } from '@pocketping/core';
import { shortened } from '@pocketping/core/rendering';
import { MENU } from './limits.js';
import type { Telegram } from './telegram.js';

/** Offers the commands in a chat's menu. It is a convenience: what Telegram does not take does not keep the bridge from working. */
export const offerCommands = async (
  telegram: Telegram,
  chatId: string,
  { commands, logger }: Pick<BridgeHost, 'commands' | 'logger'>,
  signal: AbortSignal,
): Promise<void> => {
  const menu = commands
    .filter(({ name, summary }) => MENU.name.test(name) && summary !== '')
    .slice(0, MENU.commands)
    .map(({ name, summary }) => ({ command: name, description: shortened(summary, MENU.summaryLength) }));
  try {
    await telegram.ask(
      (api, signal) =>
        api.setMyCommands({ commands: menu, scope: { type: 'chat', chat_id: chatId } }, signal),
      signal,
    );
  } catch (error) {
    if (!BridgeError.isInstance(error) || error.code !== 'invalid') throw error;
    logger.warn({ err: error }, 'Telegram does not take the menu of commands; they work all the same');
  }
};
