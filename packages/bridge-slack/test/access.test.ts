import { SlackEmulator } from '@pocketping/emulators';
import { call, engineInTest, eventually, passSlowly, visitorInTest } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SlackBridge } from '../src/index.js';
import { emulated } from './emulated.js';

const MINUTE = 60_000;

describe('access', () => {
  it('is there where the app works in its channel, and nobody sees that it was asked for', async () => {
    const { slack, bridge } = await emulated();
    await bridge.access?.check(call());
    expect(slack.messages()).toEqual([]);
    expect(slack.calls.map(({ method }) => method)).toEqual(['auth.test', 'conversations.info']);
  });

  it.each(['server_error', 'bad_gateway_html', 'reset', 'timeout_before'] as const)(
    'is not known to be there while Slack does not answer (%s)',
    async (kind) => {
      const { slack, bridge } = await emulated();
      slack.fault({ kind, delayMs: 10 });
      await expect(bridge.access?.check(call())).rejects.toMatchObject({ code: 'unavailable' });
      await bridge.access?.check(call());
    },
  );

  it('is lost with the token, the channel or the membership, and the message says what to click', async () => {
    const { slack, bridge } = await emulated();
    slack.fault({ kind: 'unauthorized' });
    await expect(bridge.access?.check(call())).rejects.toMatchObject({ code: 'unauthorized' });
    slack.archive();
    await expect(bridge.access?.check(call())).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('Unarchive'),
    });
  });

  it('is asked for during an outage, and nothing is posted until it is there', async () => {
    const slack = await SlackEmulator.start();
    onTestFinished(() => slack.close());
    const { botToken, channelId, apiUrl, appToken } = slack;
    const { pp, clock } = engineInTest({
      bridges: [new SlackBridge({ botToken, channelId, apiUrl, appToken })],
    });
    await pp.start();
    const { say } = await visitorInTest(pp, 'browser-1');
    const pass = (ms: number) => passSlowly(clock, ms);
    const shown = () => slack.thread(slack.messages()[0]?.ts as string).map(({ text }) => text);
    await say('before');
    await eventually(async () => {
      await pass(2000);
      expect(shown()).toContain('before');
    });
    const end = slack.fault({ kind: 'server_error', times: Number.POSITIVE_INFINITY });
    await say('during');
    const from = slack.calls.length;
    await pass(10 * MINUTE);
    const posts = slack.calls.slice(from).filter(({ method }) => method === 'chat.postMessage');
    expect(posts.length).toBeGreaterThanOrEqual(1);
    expect(posts.length).toBeLessThanOrEqual(2);
    end();
    await eventually(async () => {
      await pass(2000);
      expect(shown().slice(-1)).toEqual(['during']);
    });
  });
});
