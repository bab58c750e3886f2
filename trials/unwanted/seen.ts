import { setTimeout as pause } from 'node:timers/promises';
import type { PocketPing, StoragePort } from '@pocketping/core';
import type { DiscordEmulator, SlackEmulator, TelegramEmulator } from '@pocketping/emulators';
import { expect, vi } from 'vitest';

interface Sights {
  readonly storage: StoragePort;
  readonly pp: PocketPing;
  readonly visitor: { readonly sessionId: string };
  readonly telegram: TelegramEmulator;
  readonly slack: SlackEmulator;
  readonly discord: DiscordEmulator;
  readonly places: { readonly topicId: number; readonly threadTs: string; readonly threadId: string };
}

/** The topic in which a team talks to itself. */
const GENERAL = 1;

/** Milliseconds between two looks; what is the same twice in a row, with no work left, has settled. */
const LOOK_MS = 10;
const PATIENCE_MS = 10_000;

let count = 0;

/** What storage holds and what people see, on every platform. */
export const seenEverywhere = ({ storage, pp, visitor, telegram, slack, discord, places }: Sights) => {
  const { sessionId } = visitor;
  const texts = {
    telegram: () => telegram.messages(places.topicId).map(({ text }) => text),
    slack: () => slack.thread(places.threadTs).map(({ text }) => text),
    discord: () => discord.messages(places.threadId).map(({ text }) => text),
  };
  const look = async () => ({
    log: (await storage.events(sessionId, { after: 0, limit: 1000 })).map(({ event, message }) => ({
      ...event,
      message,
    })),
    session: await storage.session(sessionId),
    sessions: (await pp.getSessions()).map(({ id }) => id),
    telegram: [...telegram.messages(GENERAL).map(({ text }) => text), ...texts.telegram()],
    topics: telegram.topics(),
    slack: [...slack.messages().map(({ text }) => text), ...texts.slack()],
    discord: [...discord.messages(discord.channelId).map(({ text }) => text), ...texts.discord()],
    threads: discord.threads(),
  });
  const settled = async () => {
    const deadline = Date.now() + PATIENCE_MS;
    for (let before = ''; ; await pause(LOOK_MS)) {
      const now = await look();
      const { bridges } = await pp.health();
      const same = JSON.stringify(now);
      if (same === before && bridges.every(({ backlog }) => backlog === 0)) return now;
      before = same;
      if (Date.now() > deadline) throw new Error(`it does not come to rest: ${same.slice(-2000)}`);
    }
  };
  /** What the visitor sees of the team's words. */
  const hears = async (): Promise<string[]> =>
    (await pp.getMessages(sessionId))
      .filter(({ sender }) => sender === 'operator')
      .map(({ content }) => content);
  /** Resolves when some words have reached the visitor and all three platforms, once each. */
  const arrival = async (words: string): Promise<void> => {
    const times = async () =>
      [await hears(), texts.telegram(), texts.slack(), texts.discord()].map(
        (all) => all.filter((text) => text.includes(words)).length,
      );
    const holds = async () => expect(await times(), `how often ${words} is there`).toEqual([1, 1, 1, 1]);
    await vi.waitFor(holds, { timeout: PATIENCE_MS, interval: LOOK_MS });
  };
  /**
   * Something happens that must change nothing: neither in storage nor on any platform, neither at once nor once something
   * genuine has come the same way, which arrives.
   * @param genuine makes that come, and the words by which it is known
   */
  const unharmed = async (
    act: () => unknown,
    genuine: (words: string) => unknown,
    words = `genuine ${++count}`,
  ): Promise<void> => {
    const before = await settled();
    await act();
    const meanwhile = await settled();
    expect(meanwhile.log).toEqual(before.log);
    expect(meanwhile.session).toEqual(before.session);
    expect(without(words, meanwhile)).toEqual(without(words, before));
    await genuine(words);
    await arrival(words);
    const after = await settled();
    expect(after.log.slice(0, before.log.length)).toEqual(before.log);
    const news = after.log.slice(before.log.length).map(({ type, message }) => message?.content ?? type);
    // Who answers has read.
    expect(news.filter((what) => what !== 'read')).toEqual([words]);
    expect(without(words, after)).toEqual(without(words, before));
  };
  return { settled, hears, arrival, unharmed };
};

interface Seen {
  readonly sessions: readonly string[];
  readonly telegram: readonly string[];
  readonly topics: readonly unknown[];
  readonly slack: readonly string[];
  readonly discord: readonly string[];
  readonly threads: readonly unknown[];
}

/** What people see, besides some words. */
const without = (words: string, { sessions, telegram, topics, slack, discord, threads }: Seen) => {
  const others = (texts: readonly string[]) => texts.filter((text) => !text.includes(words));
  return {
    ...{ sessions, topics, threads },
    telegram: others(telegram),
    slack: others(slack),
    discord: others(discord),
  };
};
