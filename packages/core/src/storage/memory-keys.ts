/** One key of two strings, unambiguous whatever they hold. */
export const joined = (first: string, second: string): string => `${first.length}:${first}${second}`;

/** The key of a thread or of a platform's message. */
export const placed = (bridge: string, chatId: string, id: string): string =>
  joined(bridge, joined(chatId, id));
