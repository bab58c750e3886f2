import { type Clock, MemoryStorage } from '@pocketping/core';
import { SlackEmulator } from '@pocketping/emulators';
import { bridgeInTest, engineInTest, eventually, virtualClock, visitorInTest } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SlackBridge } from '../src/index.js';

/** An engine in virtual time whose team is in Slack; the answers of Slack take real time. */
const world = async () => {
  const slack = await SlackEmulator.start();
  onTestFinished(() => slack.close());
  const { botToken, channelId, apiUrl, appToken } = slack;
  const pacing = { chat: { calls: 50, perMs: 1000 } };
  const bridge = new SlackBridge({ botToken, channelId, apiUrl, appToken, pacing });
  const clock = virtualClock(Date.now());
  const storage = new MemoryStorage({ clock });
  const all = engineInTest({ bridges: [bridge], clock, storage });
  await all.pp.start();
  /** Lets time go by until it holds. */
  const inTime = (holds: () => unknown) =>
    eventually(async () => {
      await clock.advance(5_000);
      await holds();
    });
  return { ...all, clock, storage, slack, inTime };
};

/** Slack lets an app read so many threads in a minute. @see https://docs.slack.dev/apis/web-api/rate-limits */
const oneThreadIn40Seconds = (clock: Clock): typeof fetch => {
  let next = 0;
  return async (url, init) => {
    if (!String(url).endsWith('/conversations.replies')) return fetch(url, init);
    const leftMs = next - clock.now();
    if (leftMs <= 0) {
      next = clock.now() + 40_000;
      return fetch(url, init);
    }
    const headers = { 'retry-after': `${Math.ceil(leftMs / 1000)}` };
    return Response.json({ ok: false, error: 'ratelimited' }, { status: 429, headers });
  };
};

/** What the visitor wrote, as it stands in the threads of the channel. */
const wordsIn = (slack: SlackEmulator): string[] =>
  slack
    .messages()
    .flatMap(({ ts }) => slack.thread(ts))
    .filter(({ from }) => from.isBot)
    .flatMap(({ text }) => text.match(/word-\d+-\d+/g) ?? []);

describe('a platform in distress', () => {
  it.each([1, 2, 3])(
    'shows every message once, in order, whatever was lost on the way (seed %i)',
    async (seed) => {
      const { pp, slack, inTime } = await world();
      const visitors = await Promise.all([1, 2, 3].map((number) => visitorInTest(pp, `browser-${number}`)));
      const end = slack.storm({
        rate: 0.3,
        seed,
        delayMs: 5,
        kinds: [
          'rate_limit',
          'server_error',
          'bad_gateway_html',
          'timeout_after',
          'broken_body',
          'reset',
          'slow_body',
        ],
      });
      const expected: string[] = [];
      for (let turn = 0; turn < 8; turn++) {
        for (const [number, { say }] of visitors.entries()) {
          await say(`word-${number}-${turn}`);
          expected.push(`word-${number}-${turn}`);
        }
        if (turn % 3 === 0) await inTime(() => {});
      }
      await inTime(() => expect(new Set(wordsIn(slack)).size).toBe(expected.length));
      end();
      await inTime(async () => expect((await bridgeInTest(pp, 'slack'))?.backlog).toBe(0));
      const words = wordsIn(slack);
      expect([...words].sort()).toEqual([...expected].sort());
      for (const number of visitors.keys()) {
        const own = (list: string[]) => list.filter((word) => word.startsWith(`word-${number}-`));
        expect(own(words)).toEqual(own(expected));
      }
      expect(slack.messages()).toHaveLength(visitors.length);
    },
    30_000,
  );

  it('goes on in a new thread where the old one is gone, and leaves nothing in between', async () => {
    const { pp, slack, inTime } = await world();
    const { say, sees } = await visitorInTest(pp, 'browser-1');
    await say('word-0-0');
    await inTime(() => expect(wordsIn(slack)).toEqual(['word-0-0']));
    const [first] = slack.messages();
    slack.deleteThread(first?.ts as string);
    await say('word-0-1');
    await inTime(() => expect(wordsIn(slack)).toEqual(['word-0-0', 'word-0-1']));
    const [second, ...others] = slack.messages();
    expect(others).toEqual([]);
    slack.operator({ name: 'Ada' }).type(second?.ts as string, 'here again');
    await inTime(async () => expect((await sees()).at(-1)).toBe('here again'));
  });

  it('keeps its thread where the workspace lets nobody edit what is old', async () => {
    const { pp, slack, logger, inTime } = await world();
    const { say, sessionId } = await visitorInTest(pp, 'browser-1');
    await say('word-0-0');
    await inTime(() => expect(wordsIn(slack)).toHaveLength(1));
    slack.fault({
      kind: 'refuse',
      method: 'chat.update',
      description: 'edit_window_closed',
      times: Number.POSITIVE_INFINITY,
    });
    await pp.identify(sessionId, { id: 'u1', name: 'Ada' });
    await say('word-0-1');
    await inTime(() => expect(wordsIn(slack)).toEqual(['word-0-0', 'word-0-1']));
    expect(slack.messages()).toHaveLength(1);
    expect(logger.lines.some(({ fields }) => /edit_window_closed/.test(String(fields.err)))).toBe(true);
  });

  it('waits while the channel is archived, and says what to click', async () => {
    const { pp, slack, logger, inTime } = await world();
    const { say } = await visitorInTest(pp, 'browser-1');
    await say('word-0-0');
    await inTime(() => expect(wordsIn(slack)).toHaveLength(1));
    slack.archive();
    await say('word-0-1');
    await inTime(async () => {
      expect(await bridgeInTest(pp, 'slack')).toMatchObject({ state: 'paused', reason: 'misconfigured' });
    });
    expect(logger.lines.some(({ fields }) => /Unarchive/.test(String(fields.err)))).toBe(true);
    slack.archive(false);
    await inTime(() => expect(wordsIn(slack)).toEqual(['word-0-0', 'word-0-1']));
  });

  it('is caught up with, however many threads have news and however few it lets us read in a minute', async () => {
    const { pp, slack, clock, storage, inTime } = await world();
    const visitors = await Promise.all(
      Array.from({ length: 6 }, (_, number) => visitorInTest(pp, `browser-${number}`)),
    );
    for (const { say } of visitors) await say('word-0-0');
    await inTime(() => expect(wordsIn(slack)).toHaveLength(6));
    await pp.stop();
    for (const { ts } of slack.messages()) slack.operator({ name: 'Ada' }).type(ts, 'missed');
    const { botToken, channelId, apiUrl, appToken } = slack;
    const bridge = new SlackBridge({
      botToken,
      channelId,
      apiUrl,
      appToken,
      fetch: oneThreadIn40Seconds(clock),
    });
    const again = engineInTest({ bridges: [bridge], storage, clock });
    await again.pp.start();
    await inTime(async () => {
      for (const { sessionId } of visitors) {
        const said = await again.pp.getMessages(sessionId);
        expect(said.map(({ content }) => content)).toEqual(['word-0-0', 'missed']);
      }
      expect(again.logger.lines.map(({ message }) => message)).toContain(
        'slack went through what was said since it last listened',
      );
    });
    expect(again.logger.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('has its team heard once, though Slack repeats and reorders', async () => {
    const { pp, slack, inTime } = await world();
    const { say, sees } = await visitorInTest(pp, 'browser-1');
    await say('word-0-0');
    await inTime(() => expect(wordsIn(slack)).toHaveLength(1));
    const ada = slack.operator({ name: 'Ada' });
    const thread = slack.messages()[0]?.ts as string;
    slack.deliverTimes(3, 20);
    slack.reorder(3);
    const one = ada.type(thread, 'one');
    ada.edit(one.ts, 'one, edited');
    ada.type(thread, 'two');
    await inTime(async () => expect((await sees()).toSorted()).toEqual(['one, edited', 'two', 'word-0-0']));
    for (const event of slack.events()) slack.replay(event);
    await inTime(() => expect(slack.pendingEvents).toBe(0));
    expect((await sees()).toSorted()).toEqual(['one, edited', 'two', 'word-0-0']);
  });
});
