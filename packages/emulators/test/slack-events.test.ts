import { createHmac } from 'node:crypto';
import { SocketModeClient } from '@slack/socket-mode';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { SlackEmulatorOptions, SlackEvent } from '../src/index.js';
import { atEnd, clientOf, silence, startSlack } from './slack.js';

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly event: SlackEvent;
  readonly id: string;
}

/** An app that keeps what it is sent, and answers as it is told. */
const app = async (options: SlackEmulatorOptions = {}) => {
  const received: Received[] = [];
  const answers: (number | Response)[] = [];
  const eventFetch = async (_: string, init: RequestInit) => {
    const body = String(init.body);
    const {
      event,
      event_id: id,
      challenge,
    } = JSON.parse(body) as { event: SlackEvent; event_id: string; challenge?: string };
    received.push({ headers: Object.fromEntries(new Headers(init.headers)), body, event, id });
    if (challenge) return new Response(challenge);
    const answer = answers.shift() ?? 200;
    return typeof answer === 'number' ? new Response(null, { status: answer }) : answer;
  };
  const world = await startSlack({
    requestUrl: 'https://app.example/x',
    eventFetch,
    eventRetriesMs: [5, 5, 5],
    ...options,
  });
  const settled = () => vi.waitFor(() => expect(world.slack.pendingEvents).toBe(0), { timeout: 10_000 });
  return { ...world, received, answers, settled };
};

describe('events by HTTP', () => {
  it('are signed over a body that is not how others would write it', async () => {
    const { slack, ada, received, settled } = await app();
    ada.say('grüß https://a.example/b');
    await settled();
    const { headers, body } = received[0] as Received;
    expect(body).toContain('gr\\u00fc\\u00df <https:\\/\\/a.example\\/b>');
    const signed = `v0:${headers['x-slack-request-timestamp']}:${body}`;
    expect(headers['x-slack-signature']).toBe(
      `v0=${createHmac('sha256', slack.signingSecret).update(signed).digest('hex')}`,
    );
  });

  it('tell of what is written, changed and deleted, by people and by the bot itself', async () => {
    const { slack, web, channel, ada, received, settled } = await app();
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'parent' });
    const typed = ada.type(ts, '@PocketPing hello 👋 @here');
    ada.edit(typed.ts, 'hello');
    ada.delete(typed.ts);
    await settled();
    const events = received.map(({ event }) => event).sort((a, b) => Number(a.event_ts) - Number(b.event_ts));
    expect(events).toMatchObject([
      { type: 'message', user: slack.botUserId, bot_profile: { name: 'PocketPing' } },
      {
        type: 'message',
        user: ada.user.id,
        text: `<@${slack.botUserId}> hello :wave: <!here>`,
        thread_ts: ts,
        parent_user_id: slack.botUserId,
        channel_type: 'channel',
      },
      { type: 'app_mention', channel, thread_ts: ts },
      {
        subtype: 'message_changed',
        message: { text: 'hello', edited: { ts: expect.stringMatching(/\.000000$/) } },
      },
      { subtype: 'message_deleted', deleted_ts: typed.ts, previous_message: { text: 'hello' } },
    ]);
  });

  it('come again with another id until they are taken, and are lost in the end', async () => {
    const { slack, ada, received, answers, settled } = await app();
    answers.push(503, new Response(null, { status: 500 }));
    ada.say('hello');
    await settled();
    expect(
      received.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']]),
    ).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
    ]);
    expect(new Set(received.map(({ id }) => id)).size).toBe(3);
    answers.push(500, 500, 500, 500);
    ada.say('lost');
    await settled();
    expect(slack.lostEvents).toMatchObject([{ type: 'message', text: 'lost' }]);
    answers.push(new Response(null, { status: 500, headers: { 'x-slack-no-retry': '1' } }));
    ada.say('not wanted');
    await settled();
    expect(received).toHaveLength(3 + 4 + 1);
  });

  it('come twice, three times, once more, and out of order', async () => {
    const { slack, ada, received, settled } = await app();
    slack.deliverTimes(2);
    ada.say('twice');
    slack.deliverTimes(3);
    ada.say('thrice');
    await settled();
    slack.replay(slack.events()[0] as SlackEvent);
    slack.reorder(3);
    for (const words of ['a', 'b', 'c']) ada.say(words);
    await settled();
    expect(received.map(({ event }) => event.text)).toEqual([
      ...Array(2).fill('twice'),
      ...Array(3).fill('thrice'),
      'twice',
      'c',
      'b',
      'a',
    ]);
    const letGo = slack.reorder(5);
    ada.say('d');
    letGo();
    await settled();
    expect(received.at(-1)?.event.text).toBe('d');
    // What is held when another order is asked for comes first.
    slack.reorder(5);
    ada.say('e');
    slack.reorder(2);
    for (const words of ['f', 'g']) ada.say(words);
    await settled();
    expect(received.slice(-3).map(({ event }) => event.text)).toEqual(['e', 'g', 'f']);
  });

  it('begin with a challenge', async () => {
    const { slack } = await app();
    expect(await slack.verifyRequestUrl()).toBe(true);
    const { slack: other } = await startSlack({
      requestUrl: 'x',
      eventFetch: async () => new Response('no'),
    });
    expect(await other.verifyRequestUrl()).toBe(false);
  });
});

describe('Socket Mode', () => {
  const connect = async (options: SlackEmulatorOptions = {}) => {
    const world = await startSlack({ eventRetriesMs: [5, 5, 5], ...options });
    const { slack } = world;
    const client = new SocketModeClient({
      appToken: slack.appToken,
      autoReconnectEnabled: false,
      logger: silence,
      clientOptions: { slackApiUrl: slack.apiUrl },
    });
    await client.start();
    atEnd(() => client.disconnect());
    return { ...world, client };
  };

  it('brings events to the real client, until it acknowledges them', async () => {
    const { slack, client, ada } = await connect();
    const heard: { event: SlackEvent; retry_num: number }[] = [];
    client.on('message', async ({ event, ack, retry_num }) => {
      heard.push({ event, retry_num });
      await ack();
    });
    ada.say('hello');
    await vi.waitFor(() => expect(heard).toMatchObject([{ event: { text: 'hello' }, retry_num: 0 }]));
    await vi.waitFor(() => expect(slack.pendingEvents).toBe(0));
  });

  it('brings again what was not acknowledged when the connection was lost', async () => {
    const { slack, client, ada } = await connect({ eventRetriesMs: [50, 50, 50, 50, 50, 50] });
    const lost = new Promise((resolve) => client.once('disconnected', resolve));
    ada.say('hello');
    slack.socketMode.disconnect();
    await lost;
    expect(slack.socketMode.connections).toBe(0);
    const second = new SocketModeClient({
      appToken: slack.appToken,
      autoReconnectEnabled: false,
      logger: silence,
      clientOptions: { slackApiUrl: slack.apiUrl },
    });
    const heard = new Promise((resolve) =>
      second.on('message', async ({ event, ack }) => {
        await ack();
        resolve(event.text);
      }),
    );
    await second.start();
    atEnd(() => second.disconnect());
    expect(await heard).toBe('hello');
  });

  it.each(['warning', 'refresh_requested', 'link_disabled'] as const)(
    'ends a connection: %s',
    async (reason) => {
      const { slack, client } = await connect();
      const ended = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
      slack.socketMode.disconnect(reason);
      await ended;
    },
  );

  it('lets nobody in without a ticket, nor twice with one', async () => {
    const { slack } = await startSlack();
    const entered = (url: string) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(url);
        socket.on('open', () => resolve(true));
        socket.on('error', () => resolve(false));
        atEnd(async () => socket.terminate());
      });
    const { url = '' } = await clientOf(slack, slack.appToken).apps.connections.open({});
    expect(await entered(`${slack.origin.replace('http', 'ws')}/link/?ticket=x`)).toBe(false);
    expect(await entered(url)).toBe(true);
    expect(await entered(url)).toBe(false);
  });
});
