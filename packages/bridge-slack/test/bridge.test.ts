import { BridgeError, type SessionCard } from '@pocketping/core';
import type { SlackEmulator } from '@pocketping/emulators';
import { call, eventually, virtualClock } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { SlackBridge } from '../src/index.js';
import { card, emulated, postCall } from './emulated.js';

const partOf = (bridge: SlackBridge, content: string) => {
  const author = { kind: 'visitor', id: card.visitorId } as const;
  const [part] = bridge.render({ kind: 'message', author, content, at: 0, edited: false }, card);
  return part as NonNullable<typeof part>;
};
const methods = (slack: SlackEmulator) => slack.calls.map(({ method }) => method);

describe('starting', () => {
  it('finds out how people mention the bot', async () => {
    const { slack, bridge, host } = await emulated({}, { botName: 'Chat Helper' });
    expect(bridge.commandPrefix).toBe('@PocketPing ');
    await bridge.start(host);
    expect(bridge.commandPrefix).toBe('@Chat Helper ');
    expect(slack.socketMode.connections).toBe(1);
  });

  it.each<[string, (slack: SlackEmulator) => void, string, RegExp]>([
    [
      'the token was revoked',
      (slack) => void slack.fault({ kind: 'unauthorized', method: 'auth.test' }),
      'unauthorized',
      /botToken is wrong.*OAuth & Permissions/,
    ],
    [
      'scopes are missing',
      (slack) => slack.setScopes(['chat:write', 'channels:read']),
      'unauthorized',
      /"users:read", "reactions:write", "files:read", "files:write", "channels:history" at .*Reinstall to Workspace/,
    ],
    [
      'nearly all scopes are missing',
      (slack) => slack.setScopes(['chat:write']),
      'unauthorized',
      /"users:read", "reactions:write", "files:read", "files:write", "channels:read" or "groups:read", "channels:history" or "groups:history" at/,
    ],
    [
      'it may not read the channel',
      (slack) => slack.setScopes(['chat:write', 'users:read', 'reactions:write', 'channels:read']),
      'unauthorized',
      /"channels:history"/,
    ],
    [
      'it is not in the channel',
      (slack) => slack.setMember(false),
      'unauthorized',
      /not in the channel #support.*\/invite/,
    ],
    ['the channel is archived', (slack) => slack.archive(), 'misconfigured', /archived.*Unarchive/],
    [
      'Socket Mode is off',
      (slack) =>
        void slack.fault({
          kind: 'refuse',
          method: 'apps.connections.open',
          description: 'socket_mode_disabled',
        }),
      'misconfigured',
      /Socket Mode and enable it/,
    ],
    [
      'the app’s token is wrong',
      (slack) => void slack.fault({ kind: 'unauthorized', method: 'apps.connections.open' }),
      'unauthorized',
      /appToken is wrong.*App-Level Tokens/,
    ],
    [
      'Slack is away',
      (slack) => void slack.fault({ kind: 'bad_gateway_html', method: 'auth.test' }),
      'unavailable',
      /502/,
    ],
  ])('says what to do when %s', async (_, spoil, code, says) => {
    const { slack, bridge, host } = await emulated();
    spoil(slack);
    await expect(bridge.start(host)).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
    expect(slack.socketMode.connections).toBe(0);
  });

  it('says so when there is no such channel', async () => {
    const { bridge, host } = await emulated({ channelId: 'C0000000000' });
    await expect(bridge.start(host)).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringMatching(/C0000000000/),
    });
  });

  it('can be called off', async () => {
    const { slack, bridge, host } = await emulated();
    slack.fault({ kind: 'slow', method: 'conversations.info', delayMs: 300 });
    const starting = bridge.start(host);
    await slack.waitForCall(({ method }) => method === 'conversations.info');
    await bridge.stop();
    await expect(starting).rejects.toMatchObject({ code: 'unavailable' });
    expect(slack.socketMode.connections).toBe(0);
  });
});

describe('a conversation', () => {
  it('is a message that says who it is, and a thread below it', async () => {
    const { slack, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    expect(slack.messages()).toMatchObject([
      { ts: thread.threadId, text: expect.stringContaining('Visitor ab12\n📄 /pricing') },
    ]);
    const ada: SessionCard = { ...card, identity: { id: '7', name: 'Ada <!channel>', verified: true } };
    await bridge.titles?.rename(thread, ada, call());
    expect(slack.messages()[0]?.text).toContain('Ada <!channel> · ✅ verified');
    expect(slack.messages()[0]?.markup).toContain('Ada &lt;!channel&gt;');
  });

  it('is looked for before it is begun a second time', async () => {
    const { slack, bridge } = await emulated();
    slack.fault({ kind: 'timeout_after', method: 'chat.postMessage', delayMs: 10 });
    await expect(bridge.open(card, call())).rejects.toMatchObject({ code: 'uncertain' });
    const thread = await bridge.open(card, call());
    expect(slack.messages().map(({ ts }) => ts)).toEqual([thread.threadId]);
    // One that did not take effect is begun.
    slack.fault({ kind: 'timeout_before', method: 'chat.postMessage', delayMs: 10 });
    const other = { ...card, sessionId: 'sess_2' } as SessionCard;
    await expect(bridge.open(other, call())).rejects.toMatchObject({ code: 'uncertain' });
    await bridge.open(other, call());
    expect(slack.messages()).toHaveLength(2);
  });

  it('whose first message is gone leaves nothing in the channel, and is noticed', async () => {
    const { slack, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    slack.deleteThread(thread.threadId);
    await expect(bridge.post(thread, partOf(bridge, 'hello'), postCall)).rejects.toMatchObject({
      code: 'thread_gone',
    });
    expect(slack.messages()).toEqual([]);
    for (const failing of [
      bridge.titles?.rename(thread, card, call()),
      bridge.closing?.close(thread, call()),
      bridge.reconcile?.posted(thread, 'n', call()),
    ]) {
      await expect(failing).rejects.toMatchObject({ code: 'thread_gone' });
    }
  });

  it.each<[string, (slack: SlackEmulator) => void]>([
    [
      'whose answer was lost',
      (slack) => void slack.fault({ kind: 'timeout_after', method: 'chat.postMessage', delayMs: 10 }),
    ],
    [
      'that could not be taken back at once',
      (slack) => void slack.fault({ kind: 'server_error', method: 'chat.delete' }),
    ],
  ])('that is gone leaves no post %s in the channel when the next begins', async (_, trouble) => {
    const { slack, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    slack.deleteThread(thread.threadId);
    trouble(slack);
    await expect(bridge.post(thread, partOf(bridge, 'hello'), postCall)).rejects.toThrow();
    expect(slack.messages().map(({ text }) => text)).toEqual(['hello']);
    // What people and other posts of the bot say there stays.
    const { ts } = slack.operator({ name: 'Ada' }).say('lunch?');
    const other = await bridge.open({ ...card, sessionId: 'sess_2' } as SessionCard, call());
    expect(slack.messages().map((one) => one.ts)).toEqual([ts, other.threadId]);
  });

  it('that is gone is followed by another where Slack does not let the post in between be deleted', async () => {
    const { slack, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    slack.deleteThread(thread.threadId);
    const refusal = { kind: 'refuse', method: 'chat.delete', description: 'cant_delete_message' } as const;
    slack.fault({ ...refusal, times: Number.POSITIVE_INFINITY });
    await expect(bridge.post(thread, partOf(bridge, 'hello'), postCall)).rejects.toMatchObject({
      code: 'thread_gone',
    });
    const next = await bridge.open({ ...card, sessionId: 'sess_2' } as SessionCard, call());
    expect(slack.messages().at(-1)?.ts).toBe(next.threadId);
  });

  it('that is gone leaves no post of an earlier process in the channel when the next begins', async () => {
    const { slack, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    slack.deleteThread(thread.threadId);
    slack.fault({ kind: 'timeout_after', method: 'chat.postMessage', delayMs: 10 });
    await expect(bridge.post(thread, partOf(bridge, 'hello'), postCall)).rejects.toThrow();
    const { botToken, channelId, apiUrl, appToken } = slack;
    const successor = new SlackBridge({ botToken, channelId, apiUrl, appToken });
    slack.fault({ kind: 'server_error', method: 'chat.delete' });
    await expect(successor.open(card, call())).rejects.toThrow();
    const next = await successor.open(card, call());
    expect(slack.messages().map(({ ts }) => ts)).toEqual([next.threadId]);
    // It was looked once, and not for every conversation.
    const { length } = slack.calls;
    await successor.open({ ...card, sessionId: 'sess_2' } as SessionCard, call());
    expect(methods(slack).slice(length)).toEqual(['chat.postMessage']);
  });

  it('goes on where its first message was deleted and others were not', async () => {
    const { slack, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    await bridge.post(thread, partOf(bridge, 'hello'), postCall);
    slack.operator({ name: 'Ada' }).delete(thread.threadId);
    await bridge.post(thread, partOf(bridge, 'still here'), postCall);
    expect(slack.thread(thread.threadId).map(({ text }) => text)).toEqual(['hello', 'still here']);
  });

  it('never goes to the channel itself by an id that is none', async () => {
    const { slack, bridge } = await emulated();
    for (const threadId of ['', 'x', '1700000000', '1700000000.1']) {
      const thread = { chatId: slack.channelId, threadId };
      await expect(bridge.post(thread, partOf(bridge, 'hello'), postCall)).rejects.toMatchObject({
        code: 'thread_gone',
      });
    }
    await expect(
      bridge.post(
        { chatId: 'C0ELSEWHERE', threadId: '1700000000.000100' },
        partOf(bridge, 'hello'),
        postCall,
      ),
    ).rejects.toMatchObject({ code: 'thread_gone' });
    expect(methods(slack)).toEqual([]);
  });

  it('shows receipts, and a lock when it is closed, once', async () => {
    const { slack, bridge, host } = await emulated();
    await bridge.start(host);
    const thread = await bridge.open(card, call());
    const ada = slack.operator({ name: 'Ada' });
    const { ts } = ada.type(thread.threadId, 'Yes');
    const answer = { ...thread, platformId: ts };
    for (const state of ['delivered', 'delivered', 'read', 'read'] as const) {
      await bridge.receipts?.mark(answer, state, call());
    }
    expect(slack.message(ts)?.reactions.map(({ emoji }) => emoji)).toEqual(['✔️', '👀']);
    ada.delete(ts);
    await expect(bridge.receipts?.mark(answer, 'read', call())).rejects.toMatchObject({
      code: 'message_gone',
    });
  });

  it('shows a quote behind a bar, also within several messages', async () => {
    const { slack, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    const visitor = { kind: 'visitor', id: card.visitorId } as const;
    const note = {
      kind: 'message',
      author: visitor,
      content: 'Yes',
      at: 0,
      edited: false,
      replyTo: {
        author: { kind: 'operator', id: 'U1', name: 'Bob' },
        content: 'Is it\nthis one?',
        native: true,
      },
    } as const;
    for (const each of [note, { kind: 'messages', messages: [note, note] } as const]) {
      for (const part of bridge.render(each, card)) await bridge.post(thread, part, postCall);
    }
    const [first, second] = slack.thread(thread.threadId);
    const kinds = (blocks: readonly Record<string, unknown>[] = []) =>
      blocks.flatMap(({ elements }) => (elements as { type: string }[]).map(({ type }) => type));
    expect(kinds(first?.blocks)).toEqual(['rich_text_quote', 'rich_text_section']);
    expect(first?.text).toBe('Bob: Is it this one?\nYes');
    expect(first?.markup).toBe('&gt; Bob: Is it this one?\nYes');
    expect(kinds(second?.blocks)).toEqual([
      'rich_text_quote',
      'rich_text_section',
      'rich_text_quote',
      'rich_text_section',
    ]);
  });

  it('says of a private note that the visitor does not see it', async () => {
    const { bridge } = await emulated();
    const author = { kind: 'operator', id: 'U1', name: 'Bob', via: 'telegram' } as const;
    const [part] = bridge.render(
      { kind: 'message', author, content: 'Refund them', at: 0, edited: false, audience: 'team' },
      card,
    );
    expect(part?.plain).toBe('📝 Bob via telegram · private note, the visitor never sees it\nRefund them');
  });
});

describe('a post in doubt', () => {
  it('is found by its nonce, however long the thread', async () => {
    const { slack, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    for (let at = 0; at < 250; at++) slack.operator({ name: 'Ada' }).type(thread.threadId, `talk ${at}`);
    slack.fault({ kind: 'broken_body', method: 'chat.postMessage', delayMs: 5 });
    const posting = bridge.post(thread, partOf(bridge, 'hello'), { ...postCall, nonce: 'here' });
    await expect(posting).rejects.toMatchObject({ code: 'uncertain' });
    const found = await bridge.reconcile?.posted(thread, 'here', call());
    expect(found).toMatchObject({ ...thread, platformId: slack.thread(thread.threadId).at(-1)?.ts });
    expect(await bridge.reconcile?.posted(thread, 'elsewhere', call())).toBeNull();
  });

  it.each([
    ['server_error', 'uncertain'],
    ['bad_gateway_html', 'uncertain'],
    ['reset', 'uncertain'],
    ['broken_body', 'uncertain'],
  ] as const)('is one after a %s, unlike a question', async (kind, code) => {
    const { slack, bridge } = await emulated();
    const thread = await bridge.open(card, call());
    slack.fault({ kind, times: 2, delayMs: 5 });
    await expect(bridge.post(thread, partOf(bridge, 'hello'), postCall)).rejects.toMatchObject({ code });
    await expect(bridge.reconcile?.posted(thread, 'n', call())).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});

describe('Socket Mode', () => {
  it.each(['warning', 'refresh_requested', 'link_disabled', undefined] as const)(
    'comes back after a disconnect (%s), and catches up',
    async (reason) => {
      const { slack, bridge, host, received, missed } = await emulated();
      await bridge.start(host);
      const thread = await bridge.open(card, call());
      slack.socketMode.disconnect(reason);
      await eventually(() => expect(missed).toHaveLength(1));
      expect(slack.socketMode.connections).toBe(1);
      slack.operator({ name: 'Ada' }).type(thread.threadId, 'hello');
      await eventually(() => expect(received).toMatchObject([{ content: 'hello' }]));
    },
  );

  it('tries on while it cannot, says so, and tells when it is healed', async () => {
    const { slack, bridge, host, broken, healed } = await emulated();
    const clock = virtualClock(Date.now());
    host.clock = clock;
    await bridge.start(host);
    const restore = slack.fault({
      kind: 'server_error',
      method: 'apps.connections.open',
      times: Number.POSITIVE_INFINITY,
    });
    slack.socketMode.disconnect();
    const attempts = () => methods(slack).filter((method) => method === 'apps.connections.open').length;
    for (let attempt = 2; attempt <= 4; attempt++) {
      await eventually(async () => {
        await clock.advance(30_000);
        expect(attempts()).toBeGreaterThanOrEqual(attempt);
      });
    }
    expect(broken).toMatchObject([
      { code: 'unavailable' },
      ...broken.slice(1).map(() => ({ code: 'unavailable' })),
    ]);
    restore();
    await eventually(async () => {
      await clock.advance(30_000);
      expect(healed).toHaveLength(1);
    });
  });

  it('waits longer and longer where each connection ends as soon as it stands, and says so', async () => {
    const { slack, bridge, host, broken, healed, missed } = await emulated();
    const clock = virtualClock(Date.now());
    host.clock = clock;
    await bridge.start(host);
    slack.socketMode.disconnect();
    await eventually(() => expect(missed).toHaveLength(1));
    for (let ends = 2; ends <= 6; ends++) {
      slack.socketMode.disconnect();
      await eventually(() => expect(broken).toHaveLength(ends - 1));
      await clock.advance(200 * 2 ** (ends - 2));
      expect(missed).toHaveLength(ends - 1);
      await clock.advance(300 * 2 ** (ends - 2));
      await eventually(() => expect(missed).toHaveLength(ends));
    }
    expect(healed).toHaveLength(broken.length);
    // One that has stood for a while is replaced at once.
    await clock.advance(30_000);
    slack.socketMode.disconnect('refresh_requested');
    await eventually(() => expect(missed).toHaveLength(7));
    expect(broken).toHaveLength(5);
    expect(methods(slack).filter((method) => method === 'apps.connections.open')).toHaveLength(8);
  });

  it('waits as long as Slack says before it asks for another connection', async () => {
    const { slack, bridge, host, broken } = await emulated();
    const clock = virtualClock(Date.now());
    host.clock = clock;
    await bridge.start(host);
    slack.fault({ kind: 'rate_limit', method: 'apps.connections.open', retryAfter: 45 });
    slack.socketMode.disconnect();
    await eventually(() => expect(broken).toMatchObject([{ code: 'rate_limited', retryAfterMs: 45_000 }]));
    const attempts = () => methods(slack).filter((method) => method === 'apps.connections.open').length;
    await clock.advance(44_000);
    expect(attempts()).toBe(2);
    await clock.advance(1000);
    await eventually(() => expect(slack.socketMode.connections).toBe(1));
    expect(attempts()).toBe(3);
  });

  it('passes over what is not understood, so that it does not come for ever', async () => {
    const { slack, bridge, host, received, logger } = await emulated();
    await bridge.start(host);
    slack.replay({
      type: 'message',
      channel: slack.channelId,
      user: 'U1',
      ts: 'x',
      event_ts: '1.000000',
      text: 'x',
    });
    await eventually(() => expect(logger.lines.some(({ level }) => level === 'error')).toBe(true));
    await eventually(() => expect(slack.pendingEvents).toBe(0));
    expect(received).toEqual([]);
  });

  it('asks once what somebody is called, and goes on where Slack does not tell', async () => {
    const { slack, bridge, host, received } = await emulated();
    await bridge.start(host);
    const thread = await bridge.open(card, call());
    const before = methods(slack).filter((method) => method === 'users.info').length;
    slack.fault({ kind: 'rate_limit', method: 'users.info' });
    const [ada, bob] = [slack.operator({ name: 'Ada' }), slack.operator({ name: 'Bob' })];
    ada.type(thread.threadId, 'one');
    await eventually(() => expect(received).toHaveLength(1));
    for (const words of ['two', 'three']) bob.type(thread.threadId, words);
    await eventually(() => expect(received).toHaveLength(3));
    expect(received.map(({ operator }) => operator.name)).toEqual(['Teammate', 'Bob', 'Bob']);
    expect(methods(slack).filter((method) => method === 'users.info')).toHaveLength(before + 2);
  });
});

describe('catching up', () => {
  const said = async (bridge: SlackBridge, after: number) => {
    const contents: string[] = [];
    for await (const inbound of bridge.catchUp?.since(after, call()) ?? []) {
      if (inbound) contents.push('content' in inbound ? inbound.content : `${inbound.kind}`);
    }
    return contents;
  };

  it('finds what people said in our threads since then, oldest first in each', async () => {
    const { slack, bridge, host } = await emulated();
    await bridge.start(host);
    const first = await bridge.open(card, call());
    const second = await bridge.open({ ...card, sessionId: 'sess_2' } as SessionCard, call());
    const ada = slack.operator({ name: 'Ada' });
    const own = ada.say('A thread of the team’s own');
    await bridge.post(first, partOf(bridge, 'from the website'), postCall);
    ada.type(second.threadId, 'one');
    const two = ada.type(first.threadId, 'two');
    ada.type(own.ts, 'not for visitors');
    ada.type(second.threadId, `@PocketPing close`);
    ada.edit(two.ts, 'two, edited');
    ada.delete(first.threadId);
    expect(await said(bridge, Date.now() - 1000)).toEqual(['one', 'command', 'two, edited']);
    expect(await said(bridge, Date.now() + 3_600_000)).toEqual([]);
  });

  it('finds an edit of what was written up to ten minutes before, and nothing else of then', async () => {
    let now = Date.now();
    const { slack, bridge, host } = await emulated({}, { clock: { now: () => now } });
    await bridge.start(host);
    const thread = await bridge.open(card, call());
    const ada = slack.operator({ name: 'Ada' });
    const { ts } = ada.type(thread.threadId, 'on Tuesday');
    ada.type(thread.threadId, 'heard');
    now += 5 * 60_000;
    ada.edit(ts, 'on Wednesday');
    expect(await said(bridge, now - 60_000)).toEqual(['on Wednesday']);
  });

  it('pages through many conversations and long ones, and waits where Slack says so', async () => {
    const { slack, bridge, host } = await emulated();
    await bridge.start(host);
    const thread = await bridge.open(card, call());
    const ada = slack.operator({ name: 'Ada' });
    for (let at = 0; at < 250; at++) {
      ada.type(thread.threadId, `${at}`);
      ada.say('lunch?');
    }
    host.clock = { ...host.clock, sleep: async () => {} };
    slack.fault({ kind: 'rate_limit', method: 'conversations.history', retryAfter: 30 });
    slack.fault({ kind: 'rate_limit', method: 'conversations.replies', retryAfter: 30 });
    expect(await said(bridge, 0)).toEqual(Array.from({ length: 250 }, (_, at) => `${at}`));
  });

  it('fails as a whole, to be asked again', async () => {
    const { slack, bridge, host } = await emulated();
    await bridge.start(host);
    const thread = await bridge.open(card, call());
    slack.operator({ name: 'Ada' }).type(thread.threadId, 'hello');
    slack.fault({ kind: 'reset', method: 'conversations.replies' });
    const failure: unknown = await said(bridge, 0).catch((error: unknown) => error);
    expect(BridgeError.isInstance(failure) && failure.code).toBe('unavailable');
    expect(await said(bridge, 0)).toEqual(['hello']);
  });
});
