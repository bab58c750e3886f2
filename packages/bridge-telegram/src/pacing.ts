import type { Pacing } from '@pocketping/core';

/**
 * What Telegram lets a bot do: 20 messages a minute in one group, about 30 a second over all chats. A forum is one
 * group, so all its topics share the budget. Telegram also advises against more than one message a second in a chat
 * but lets short bursts pass; its 429 says when a burst was too long.
 * @see https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
 */
export const PACING: Pacing = {
  chat: { calls: 20, perMs: 60_000 },
  bot: { calls: 30, perMs: 1000 },
};
