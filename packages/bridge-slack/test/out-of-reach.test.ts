import { SlackEmulator } from '@pocketping/emulators';
import { engineInTest, eventually, hostInTest, virtualClock, visitorInTest } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { receiver } from '../src/events.js';
import { SlackBridge } from '../src/index.js';
import { callable } from './callable.js';
import { rawFixture } from './fixtures.js';
import { signed } from './signed.js';

const MINUTE = 60_000;

/** A conversation over the Events API, Slack and all in virtual time, and a way from Slack to us that can be cut. */
const world = async () => {
  const clock = virtualClock(Date.now());
  const calls = callable();
  let isCut = false;
  const slack = await SlackEmulator.start({
    requestUrl: calls.emulator.requestUrl,
    eventFetch: async (url, init) => {
      if (isCut) throw new Error('connect ECONNREFUSED');
      return calls.emulator.eventFetch(url, init);
    },
    clock,
  });
  onTestFinished(() => slack.close());
  const { botToken, channelId, apiUrl, signingSecret } = slack;
  const bridge = new SlackBridge({ botToken, channelId, apiUrl, signingSecret });
  const { pp } = engineInTest({ bridges: [bridge], clock });
  calls.probe.connect((request) => pp.webhook('slack', request));
  await pp.start();
  const { say, sees } = await visitorInTest(pp, 'browser-1');
  await say('hello?');
  /** Lets time go by; what is asked of Slack meanwhile takes real time. */
  const pass = async (ms: number) => {
    for (let leftMs = ms; leftMs > 0; leftMs -= 10_000) {
      await clock.advance(Math.min(leftMs, 10_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await eventually(async () => {
    await pass(1000);
    expect(slack.thread(slack.messages()[0]?.ts as string)).toHaveLength(2);
  });
  const looks = () => slack.calls.filter(({ method }) => method === 'conversations.history').length;
  return {
    slack,
    clock,
    pass,
    sees,
    looks,
    answer: (text: string) => slack.operator({ name: 'Ada' }).type(slack.messages()[0]?.ts as string, text),
    cut: () => {
      isCut = true;
    },
    mend: () => {
      isCut = false;
    },
  };
};

describe('a site that Slack cannot reach', () => {
  it('hears what was said meanwhile within a few minutes, though Slack has given up telling it', async () => {
    const { slack, pass, sees, answer, cut, mend } = await world();
    cut();
    answer('during the outage');
    await pass(10 * MINUTE);
    expect(slack.lostEvents).toHaveLength(1);
    mend();
    await eventually(async () => {
      await pass(10_000);
      expect(await sees()).toEqual(['hello?', 'during the outage']);
    });
    answer('after it');
    await eventually(async () => {
      await pass(1000);
      expect(await sees()).toEqual(['hello?', 'during the outage', 'after it']);
    });
  });

  it('costs a look at the channel every few minutes', async () => {
    const { pass, looks } = await world();
    const before = looks();
    await pass(30 * MINUTE);
    expect(looks() - before).toBeLessThanOrEqual(10);
  });
});

describe('an event that comes again', () => {
  const again = (secret: string, number: string) => {
    const { headers, body } = signed(secret, rawFixture('text'));
    return { headers: { ...headers, 'x-slack-retry-num': number }, body };
  };

  it('says that others may not have come at all, once a minute', async () => {
    const clock = virtualClock(Date.now());
    const { host: it, missed } = hostInTest();
    it.clock = clock;
    const secret = 'a-signing-secret';
    const receive = receiver(secret, async () => {}, it);
    expect((await receive(signed(secret, rawFixture('text')))).status).toBe(200);
    expect(missed).toEqual([]);
    for (const number of ['1', '2', '3']) {
      expect((await receive(again(secret, number))).status).toBe(200);
      await clock.advance(1000);
    }
    expect(missed).toHaveLength(1);
    await clock.advance(MINUTE);
    await receive(again(secret, '3'));
    expect(missed).toHaveLength(2);
  });

  it('says nothing where it is not proven to come from Slack', async () => {
    const { host: it, missed } = hostInTest();
    const receive = receiver('a-signing-secret', async () => {}, it);
    expect((await receive(again('another-secret', '1'))).status).toBe(401);
    expect(missed).toEqual([]);
  });
});
