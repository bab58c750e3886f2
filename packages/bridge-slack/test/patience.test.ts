import { call, eventually, virtualClock } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SlackBridge } from '../src/index.js';
import { card, emulated, postCall } from './emulated.js';
import { fixture } from './fixtures.js';
import { signed } from './signed.js';
import { timeoutsBy } from './timeouts.js';

/** A bridge to a Slack that leaves calls without an answer, in virtual time. */
const world = async () => {
  const it = await emulated();
  const clock = virtualClock(Date.now());
  it.host.clock = clock;
  timeoutsBy(clock);
  /** The next call of this method is never answered. @returns resolves when it was made */
  const hang = (method: string) => {
    it.slack.fault({ kind: 'timeout_before', method });
    return () =>
      it.slack.waitForCall((made) => made.method === method && made.fault !== undefined).then(() => {});
  };
  return { ...it, clock, hang };
};

describe('a call that Slack never answers', () => {
  it('ends by itself, in doubt where people may see its effect', async () => {
    const { bridge, clock, hang } = await world();
    const thread = await bridge.open(card, call());
    const [part] = bridge.render({ kind: 'notice', text: 'hello' }, card);
    const isMade = hang('chat.postMessage');
    const ending = expect(
      bridge.post(thread, part as NonNullable<typeof part>, postCall),
    ).rejects.toMatchObject({ code: 'uncertain' });
    await isMade();
    await clock.advance(15_000);
    await ending;
  });

  it('ends by itself as a question, which can be asked again', async () => {
    const { bridge, host, clock, hang } = await world();
    const isMade = hang('conversations.info');
    const ending = expect(bridge.start(host)).rejects.toMatchObject({ code: 'unavailable' });
    await isMade();
    await clock.advance(15_000);
    await ending;
  });
});

describe('what somebody wrote', () => {
  it('waits a second and a half for their name', async () => {
    const { slack, bridge, host, received, clock, hang } = await world();
    await bridge.start(host);
    const thread = await bridge.open(card, call());
    const isMade = hang('users.info');
    slack.operator({ name: 'Ada' }).type(thread.threadId, 'Yes?');
    await isMade();
    await clock.advance(1499);
    expect(received).toEqual([]);
    await clock.advance(1);
    await eventually(() =>
      expect(received).toMatchObject([{ content: 'Yes?', operator: { name: 'Teammate' } }]),
    );
  });

  it('waits as long to know which words are the bot’s own, on a node that did not start', async () => {
    const { slack, host, received, clock, hang } = await world();
    const { botToken, channelId, apiUrl, signingSecret } = slack;
    const bridge = new SlackBridge({ botToken, channelId, apiUrl, signingSecret });
    onTestFinished(() => bridge.stop());
    const receiver = bridge.webhook?.receiver(host);
    const text = fixture('text');
    const event = { ...text.event, channel: channelId, parent_user_id: slack.botUserId };
    const body = JSON.stringify({ ...text, event });
    const isMade = hang('auth.test');
    let status: number | undefined;
    void receiver?.(signed(signingSecret, body)).then((answer) => {
      status = answer.status;
    });
    await isMade();
    await clock.advance(1499);
    expect(status).toBeUndefined();
    await clock.advance(1);
    await eventually(() => expect(status).toBe(503));
    expect(received).toEqual([]);
    expect((await receiver?.(signed(signingSecret, body)))?.status).toBe(200);
    expect(received).toHaveLength(1);
  });
});
