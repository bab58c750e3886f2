import { call } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { DiscordBridge } from '../src/index.js';
import { card, emulated, listening, postCall, said } from './emulated.js';

const POST = 'POST /channels/{channel}/messages';

describe('posting', () => {
  it('posts once however often the same post is tried', async () => {
    const { discord, bridge, thread } = await listening();
    discord.fault({ kind: 'timeout_after', method: POST, delayMs: 5 });
    const options = { nonce: 'msg_1/0' };
    await expect(said(bridge, thread, 'hello', options)).rejects.toMatchObject({ code: 'uncertain' });
    const again = await said(bridge, thread, 'hello', options);
    expect(discord.messages(thread.threadId).map(({ id }) => id)).toEqual([again.platformId]);
    await said(bridge, thread, 'hello');
    expect(discord.messages(thread.threadId)).toHaveLength(2);
  });

  it('makes the post of an earlier attempt say what is to be said now', async () => {
    const { discord, bridge, thread } = await listening();
    discord.fault({ kind: 'timeout_after', method: POST, delayMs: 5 });
    const options = { nonce: 'msg_1/0' };
    await expect(said(bridge, thread, 'helo', options)).rejects.toMatchObject({ code: 'uncertain' });
    const again = await said(bridge, thread, 'hello', { ...options, repeated: true });
    expect(discord.messages(thread.threadId)).toMatchObject([{ id: again.platformId, text: 'hello' }]);
    await said(bridge, thread, 'hello', { ...options, repeated: true });
    expect(discord.calls.filter(({ route }) => route.startsWith('PATCH'))).toHaveLength(1);
  });

  it('mentions nobody, previews nothing, and shows as text what strangers write', async () => {
    const { discord, bridge, thread } = await listening();
    const text =
      '@everyone <@1> [free](https://evil.example) # big\n# big\n> quoted\n- item\n1. one\n-# small';
    const { platformId } = await said(bridge, thread, text);
    expect(discord.message(platformId)).toMatchObject({ text });
    expect(discord.message(platformId)?.entities).toMatchObject([{ type: 'url' }]);
    const sent = discord.calls.findLast(({ route }) => route === POST)?.body;
    expect(sent).toMatchObject({ allowed_mentions: { parse: [] }, flags: 4, enforce_nonce: true });
    expect(String(sent?.nonce).length).toBe(25);
  });

  it('rings nobody with a change either, and not with what begins a forum post', async () => {
    const { discord, bridge, thread } = await listening();
    const { platformId } = await said(bridge, thread, 'hello');
    const [loud] = bridge.render({ kind: 'notice', text: '@everyone' }, card);
    const change = { ...call(), plain: false };
    await bridge.editing.edit({ ...thread, platformId }, loud as NonNullable<typeof loud>, change);
    expect(discord.message(platformId)?.text).toContain('@everyone');
    expect(discord.message(platformId)?.mentions).toEqual([]);
    const forum = await listening({}, { channel: 'forum' });
    const identity = { name: '@everyone', verified: false };
    const { threadId } = await forum.bridge.open({ ...card, identity }, call());
    expect(forum.discord.messages(threadId)).toMatchObject([{ mentions: [] }]);
  });

  it('answers what was deleted meanwhile without a native reply', async () => {
    const { discord, bridge, thread, ada } = await listening();
    const question = ada.type(thread.threadId, 'which one?');
    ada.delete(question.id);
    const replyTo = { ...thread, platformId: question.id };
    const { platformId } = await said(bridge, thread, 'that one', { replyTo });
    expect(discord.message(platformId)).toMatchObject({ text: 'that one' });
  });

  it('shows a card as an embed', async () => {
    const { discord, bridge, thread } = await listening();
    const identity = { name: 'Ada *L*', email: 'ada@example.com', verified: true };
    for (const part of bridge.render({ kind: 'card', card: { ...card, identity } }, card)) {
      await bridge.post(thread, part, postCall());
    }
    const [message] = discord.messages(thread.threadId);
    expect(message?.embeds[0]).toMatchObject({ footer: 'sess_1' });
    expect(message?.embeds[0]?.description?.text).toContain('Ada *L* · ada@example.com · ✅ verified');
  });

  it('says that a private note is one', async () => {
    const { discord, bridge, thread } = await listening();
    const author = { kind: 'operator', id: '7', name: 'Bob', via: 'support-telegram' } as const;
    const note = { kind: 'message', author, content: 'a regular', at: 0, edited: false } as const;
    const [part] = bridge.render({ ...note, audience: 'team' }, card);
    await bridge.post(thread, part as NonNullable<typeof part>, postCall());
    expect(discord.messages(thread.threadId)[0]?.text).toBe(
      '📝 Private note by Bob via support-telegram\na regular',
    );
  });

  it('changes and deletes in an archived thread, and leaves it archived', async () => {
    const { discord, bridge, thread, ada } = await listening();
    const first = await said(bridge, thread, 'first');
    const [part] = bridge.render({ kind: 'notice', text: 'changed' }, card);
    ada.archive(thread.threadId);
    await bridge.editing.edit(first, part as NonNullable<typeof part>, { ...call(), plain: false });
    expect(discord.message(first.platformId)?.text).toContain('changed');
    expect(discord.thread(thread.threadId)?.archived).toBe(true);
    await bridge.editing.remove(first, call());
    expect(discord.message(first.platformId)?.deleted).toBe(true);
    expect(discord.thread(thread.threadId)?.archived).toBe(true);
    await said(bridge, thread, 'new');
    expect(discord.thread(thread.threadId)?.archived).toBe(false);
  });

  it('deletes what a person wrote only where it may', async () => {
    const { discord, bridge, thread, ada } = await listening();
    const ref = { ...thread, platformId: ada.type(thread.threadId, 'oops').id };
    await expect(bridge.editing.remove(ref, call())).rejects.toMatchObject({ code: 'message_gone' });
    discord.grant('MANAGE_MESSAGES');
    await bridge.editing.remove(ref, call());
    expect(discord.message(ref.platformId)?.deleted).toBe(true);
  });

  it('makes the whole bot wait where Discord makes the whole bot wait', async () => {
    const { bridge, thread } = await listening({}, { limits: { perRoute: 100, perSecond: 12 } });
    const posts = Promise.all(Array.from({ length: 20 }, (_, at) => said(bridge, thread, `${at}`)));
    await expect(posts).rejects.toMatchObject({ code: 'rate_limited', scope: 'bot' });
  });

  it('leaves an archived thread as it is for what nobody would miss', async () => {
    const { discord, bridge, thread, ada } = await listening();
    const title = discord.thread(thread.threadId)?.title;
    ada.archive(thread.threadId);
    await bridge.typing?.show(thread, call());
    await bridge.titles?.rename(thread, { ...card, identity: { name: 'Ada', verified: false } }, call());
    expect(discord.thread(thread.threadId)).toMatchObject({ archived: true, title });
  });

  it('takes a thread that a moderator locked for gone', async () => {
    const { bridge, thread, ada } = await listening();
    ada.lock(thread.threadId);
    await expect(said(bridge, thread, 'hello')).rejects.toMatchObject({ code: 'thread_gone' });
  });

  it('marks what arrived and what was read with reactions, and opens no closed thread for it', async () => {
    const { discord, bridge, thread, ada } = await listening();
    const written = ada.type(thread.threadId, 'hello');
    const ref = { ...thread, platformId: written.id };
    await bridge.receipts?.mark(ref, 'delivered', call());
    await bridge.receipts?.mark(ref, 'delivered', call());
    await bridge.receipts?.mark(ref, 'read', call());
    expect(discord.message(written.id)?.reactions).toEqual(['✅', '👀']);
    const late = ada.type(thread.threadId, 'bye');
    await bridge.closing?.close(thread, call());
    await bridge.receipts?.mark({ ...thread, platformId: late.id }, 'read', call());
    expect(discord.message(late.id)?.reactions).toEqual([]);
    expect(discord.thread(thread.threadId)?.archived).toBe(true);
  });

  it('obeys the limits that Discord tells of, and does not run into them', async () => {
    const { discord, bridge, thread } = await listening({}, { limits: { perRoute: 2, windowMs: 60_000 } });
    await said(bridge, thread, 'one');
    await said(bridge, thread, 'two');
    for (let attempt = 0; attempt < 3; attempt++) {
      const refused = said(bridge, thread, 'three');
      await expect(refused).rejects.toMatchObject({ code: 'rate_limited', scope: 'thread' });
    }
    expect(discord.limitsExceeded).toBe(0);
    const elsewhere = await bridge.open({ ...card, sessionId: 'sess_2' }, call());
    await said(bridge, elsewhere, 'still possible');
  });

  it('has one conversation wait where the server has as many threads as it may', async () => {
    const { discord, bridge, thread } = await listening();
    discord.fault({
      kind: 'refuse',
      method: 'POST /channels/{channel}/threads',
      status: 400,
      code: 160_006,
    });
    await expect(bridge.open({ ...card, sessionId: 'sess_2' }, call())).rejects.toMatchObject({
      code: 'rate_limited',
      scope: 'thread',
      retryAfterMs: 60_000,
      message: expect.stringContaining('!close'),
    });
    await said(bridge, thread, 'goes on');
  });

  it.each([
    ['bad_gateway_html', 'uncertain'],
    ['server_error', 'uncertain'],
    ['reset', 'uncertain'],
    ['broken_body', 'uncertain'],
    ['unauthorized', 'unauthorized'],
  ] as const)('calls %s %s', async (kind, code) => {
    const { discord, bridge, thread } = await listening();
    discord.fault({ kind, method: POST, delayMs: 5 });
    await expect(said(bridge, thread, 'hello')).rejects.toMatchObject({ code });
    await said(bridge, thread, 'works again');
  });

  it('waits through a slow body', async () => {
    const { discord, bridge, thread } = await listening();
    discord.fault({ kind: 'slow_body', method: POST, delayMs: 50 });
    const posted = await said(bridge, thread, 'hello');
    expect(discord.message(posted.platformId)?.text).toBe('hello');
  });

  it('stops before Discord bans the address', async () => {
    const { discord, bridge, thread } = await listening();
    discord.fault({ kind: 'refuse', method: POST, status: 403, code: 50_013, times: Infinity });
    for (let at = 0; at < 1000; at++) await said(bridge, thread, 'no').catch(() => {});
    const sent = discord.calls.length;
    const error = said(bridge, thread, 'no');
    await expect(error).rejects.toMatchObject({ code: 'rate_limited', scope: 'bot' });
    expect(discord.calls.length).toBe(sent);
  }, 60_000);

  it('begins a forum post with who writes', async () => {
    const { discord, thread } = await listening({}, { channel: 'forum' });
    expect(discord.messages(thread.threadId)).toMatchObject([
      { id: thread.threadId, text: '👤 Visitor ab12' },
    ]);
  });

  it('edits and deletes what a webhook posted', async () => {
    const { discord } = await emulated();
    const bridge = new DiscordBridge({ webhookUrl: discord.addWebhook() });
    const thread = await bridge.open(card, call());
    const posted = await said(bridge, thread, 'hello');
    const [part] = bridge.render({ kind: 'notice', text: '@everyone' }, card);
    await bridge.editing.edit(posted, part as NonNullable<typeof part>, { ...call(), plain: false });
    expect(discord.message(posted.platformId)?.text).toMatch(/^ℹ️ Visitor ab12 #c\w+\n@everyone$/);
    expect(discord.message(posted.platformId)?.mentions).toEqual([]);
    await bridge.editing.remove(posted, call());
    expect(discord.messages(discord.channelId)).toEqual([]);
    expect(bridge.typing ?? bridge.receipts ?? bridge.catchUp).toBeUndefined();
  });

  it.each(['text', 'forum'] as const)(
    'through a webhook reaches one thread of a %s channel',
    async (channel) => {
      const { discord, ada } = await emulated({}, { channel });
      const { id } = ada.createThread(discord.channelId, 'website');
      const bridge = new DiscordBridge({ webhookUrl: `${discord.addWebhook()}?thread_id=${id}` });
      const thread = await bridge.open(card, call());
      const [kept, removed] = [await said(bridge, thread, 'one'), await said(bridge, thread, 'two')];
      const [part] = bridge.render({ kind: 'notice', text: 'changed' }, card);
      await bridge.editing.edit(kept, part as NonNullable<typeof part>, { ...call(), plain: false });
      await bridge.editing.remove(removed, call());
      expect(discord.messages(id).map(({ text }) => text)).toEqual([expect.stringContaining('changed')]);
      ada.archive(id);
      const late = bridge.editing.remove(kept, call());
      await expect(late).rejects.toMatchObject({ code: 'message_gone' });
      await said(bridge, thread, 'three');
      expect(discord.thread(id)?.archived).toBe(false);
      ada.deleteThread(id);
      await expect(said(bridge, thread, 'four')).rejects.toMatchObject({
        code: 'misconfigured',
        message: expect.stringContaining('thread_id'),
      });
    },
  );

  it('through a forum’s webhook says that it takes a thread', async () => {
    const { discord } = await emulated({}, { channel: 'forum' });
    const bridge = new DiscordBridge({ webhookUrl: discord.addWebhook() });
    const thread = await bridge.open(card, call());
    await expect(said(bridge, thread, 'hello')).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('?thread_id='),
    });
  });
});
