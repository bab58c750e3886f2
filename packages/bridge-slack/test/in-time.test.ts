import { SlackEmulator } from '@pocketping/emulators';
import { engineInTest, eventually, hostInTest, virtualClock, visitorInTest } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { receiver } from '../src/events.js';
import { SlackBridge } from '../src/index.js';
import { callable } from './callable.js';
import { rawFixture } from './fixtures.js';
import { signed } from './signed.js';
import { timeoutsBy } from './timeouts.js';

/** A conversation in a thread, in virtual time, and what Slack was answered to what is written there. */
const world = async (ear: 'events' | 'socket') => {
  const calls = callable();
  const slack = await SlackEmulator.start(ear === 'events' ? calls.emulator : {});
  onTestFinished(() => slack.close());
  const { botToken, channelId, apiUrl, signingSecret, appToken } = slack;
  const hearing = ear === 'events' ? { signingSecret } : { appToken };
  const bridge = new SlackBridge({ botToken, channelId, apiUrl, ...hearing });
  const { pp, clock } = engineInTest({ bridges: [bridge] });
  timeoutsBy(clock);
  const answers: { readonly status: number; readonly afterMs: number }[] = [];
  calls.probe.connect(async (request) => {
    const arrived = clock.now();
    const answer = await pp.webhook('slack', request);
    answers.push({ status: answer.status, afterMs: clock.now() - arrived });
    return answer;
  });
  await pp.start();
  const { say, sees } = await visitorInTest(pp, 'browser-1');
  await say('hello?');
  await eventually(async () => {
    await clock.advance(1000);
    expect(slack.thread(slack.messages()[0]?.ts as string)).toHaveLength(2);
  });
  await eventually(() => expect(slack.pendingEvents).toBe(0));
  answers.length = 0;
  /** Ada answers, and Slack tells nobody who that is. */
  const adaAnswers = async () => {
    const ada = slack.operator({ name: 'Ada' });
    slack.fault({ kind: 'timeout_before', method: 'users.info' });
    ada.type(slack.messages()[0]?.ts as string, 'Yes?');
    await slack.waitForCall(({ method, params }) => method === 'users.info' && params.user === ada.user.id);
  };
  return { slack, pp, clock, sees, answers, adaAnswers };
};

describe('an answer to Slack', () => {
  it('comes in time, whatever is waited for; what is not stored by then comes again, and has one effect', async () => {
    const { slack, pp, clock, sees, answers, adaAnswers } = await world('events');
    await adaAnswers();
    await clock.advance(1400);
    slack.fault({ kind: 'timeout_before', method: 'conversations.history' });
    const limited = signed(slack.signingSecret, rawFixture('app-rate-limited'));
    expect((await pp.webhook('slack', limited)).status).toBe(200);
    await slack.waitForCall(({ method, fault }) => method === 'conversations.history' && fault !== undefined);
    await clock.advance(1099);
    expect(answers).toEqual([]);
    await clock.advance(1);
    expect(answers).toEqual([{ status: 503, afterMs: 2500 }]);
    expect(await sees()).toEqual(['hello?']);
    await clock.advance(900);
    expect(await sees()).toEqual(['hello?', 'Yes?']);
    await eventually(() => expect(slack.pendingEvents).toBe(0));
    expect(answers.at(-1)?.status).toBe(200);
    expect(await sees()).toEqual(['hello?', 'Yes?']);
  });

  it('says that an event was taken where that was in time', async () => {
    const { clock, sees, answers, adaAnswers } = await world('events');
    await adaAnswers();
    await clock.advance(1499);
    expect(answers).toEqual([]);
    await clock.advance(1);
    await eventually(() => expect(answers).toEqual([{ status: 200, afterMs: 1500 }]));
    expect(await sees()).toEqual(['hello?', 'Yes?']);
  });

  it('in Socket Mode comes after the commit', async () => {
    const { slack, clock, sees, adaAnswers } = await world('socket');
    const { length } = slack.socketMode.acknowledged;
    await adaAnswers();
    await clock.advance(1499);
    expect(await sees()).toEqual(['hello?']);
    expect(slack.socketMode.acknowledged).toHaveLength(length);
    await clock.advance(1);
    await eventually(() => expect(slack.socketMode.acknowledged).toHaveLength(length + 1));
    expect(await sees()).toEqual(['hello?', 'Yes?']);
  });

  it('is given once, also where the event is refused after it', async () => {
    const clock = virtualClock(Date.now());
    const { host: it, logger } = hostInTest();
    it.clock = clock;
    const secret = 'a-signing-secret';
    const take = receiver(
      secret,
      () =>
        clock.sleep(5000).then(() => {
          throw new Error('the storage is away');
        }),
      it,
    );
    const answer = take(signed(secret, rawFixture('text')));
    await clock.advance(2500);
    expect((await answer).status).toBe(503);
    await clock.advance(2500);
    expect(logger.lines.map(({ level }) => level)).toEqual(['debug', 'warn']);
  });

  it('leaves nothing behind that waits', async () => {
    const clock = virtualClock(Date.now());
    const { host: it } = hostInTest();
    it.clock = clock;
    const secret = 'a-signing-secret';
    const answer = await receiver(secret, async () => {}, it)(signed(secret, rawFixture('text')));
    expect(answer.status).toBe(200);
    expect(clock.pending).toBe(0);
  });
});
