import type { TelegramCall, TelegramEmulator } from '@pocketping/emulators';
import type { Guest } from './guest.js';

/** The words of visitors in a text, in order. */
export const wordsIn = (text: string): string[] => text.match(/\b[a-z]+\d*-\d+(?:e\d+)?\b/g) ?? [];

/** The topic in which a visitor's conversation lives: the newest one whose card names it and that somebody wrote in. */
export const topicsOf = (telegram: TelegramEmulator, guest: Guest): number[] =>
  telegram
    .topics()
    .map(({ id }) => id)
    .filter((id) => telegram.messages(id).some(({ text }) => text.includes(guest.sessionId)));

/** A visitor's words as the team sees them, oldest first; those of all topics that exist. */
export const seenOf = (telegram: TelegramEmulator, guest: Guest): string[] =>
  topicsOf(telegram, guest).flatMap((id) =>
    telegram
      .messages(id)
      .filter(({ from, type }) => from.isBot && type === 'text')
      .flatMap(({ text }) => wordsIn(text)),
  );

/** What the platform counts towards its limits. @see `limits` of the emulator */
export const isCounted = ({ method }: TelegramCall): boolean =>
  /^(?:sendMessage|editMessageText|createForumTopic|editForumTopic|closeForumTopic|reopenForumTopic)$/.test(
    method,
  );

/** The most calls that counted in any stretch of so many milliseconds. */
export const mostIn = (calls: readonly TelegramCall[], ms: number): number => {
  const times = calls.filter(isCounted).map(({ at }) => at);
  let most = 0;
  for (let first = 0, last = 0; last < times.length; last++) {
    while ((times[first] as number) <= (times[last] as number) - ms) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
};

/** When each word first stood in a post or an edit that was not struck. */
export const firstSeen = (calls: readonly TelegramCall[]): Map<string, number> => {
  const seen = new Map<string, number>();
  for (const { method, params, at, fault } of calls) {
    if (fault !== undefined || !/^(?:sendMessage|editMessageText)$/.test(method)) continue;
    for (const word of wordsIn(String(params.text))) if (!seen.has(word)) seen.set(word, at);
  }
  return seen;
};
