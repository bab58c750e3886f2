import { describe, expect, it } from 'vitest';
import { house, visitor } from './house.js';

const code = (value: string) => expect.objectContaining({ code: value });

describe('connecting', () => {
  it('begins a session and gives a token', async () => {
    const { pp } = house({ welcomeMessage: 'Hi!' });
    const connected = await pp.conversation.connect({ visitorId: 'vis_one' }, { ip: '192.0.2.1' });
    expect(connected).toMatchObject({
      session: { visitorId: 'vis_one', status: 'open', metadata: { ip: '192.0.2.1' } },
      token: expect.stringMatching(/^ppv_[\w-]{43}$/),
      seq: 1,
      messages: [],
      hasMore: false,
      presence: { online: false },
      welcomeMessage: 'Hi!',
    });
  });

  it('resumes with the token, and with nothing else', async () => {
    const { pp } = house();
    const { token, sessionId, say } = await visitor({ pp });
    await say('secret words');
    const resumed = await pp.conversation.connect({ visitorId: 'vis_one' }, { token });
    expect(resumed.session.id).toBe(sessionId);
    expect(resumed.token).toBeUndefined();
    expect(resumed.messages.map(({ content }) => content)).toEqual(['secret words']);

    const stranger = await pp.conversation.connect({ visitorId: 'vis_one', sessionId }, {});
    expect(stranger.session.id).not.toBe(sessionId);
    expect(stranger.session.visitorId).not.toBe('vis_one');
    expect(stranger.messages).toEqual([]);
  });

  it('refuses a token that nobody holds', async () => {
    const { pp } = house();
    await expect(pp.conversation.connect({ visitorId: 'v' }, { token: 'ppv_x' })).rejects.toEqual(
      code('unauthorized'),
    );
    await expect(pp.conversation.authenticate('ppv_x')).rejects.toEqual(code('unauthorized'));
    expect(await pp.getSessions()).toEqual([]);
  });

  it('answers a retried first connect with the same visitor, session and token', async () => {
    const { pp } = house();
    const request = { visitorId: 'vis_one', secret: 'a'.repeat(43) };
    const [first, second] = await Promise.all([
      pp.conversation.connect(request, {}),
      pp.conversation.connect(request, {}),
    ]);
    const third = await pp.conversation.connect(request, {});
    for (const again of [second, third]) {
      expect(again.token).toBe(first.token);
      expect(again.session.id).toBe(first.session.id);
    }
    expect(await pp.getSessions()).toHaveLength(1);
  });

  it('begins one new session after the visitor’s own end, however many tabs ask', async () => {
    const { pp } = house();
    const { token, actor, sessionId } = await visitor({ pp });
    await pp.conversation.leave(actor, sessionId);
    const tabs = await Promise.all(
      [1, 2, 3].map(() => pp.conversation.connect({ visitorId: 'vis_one' }, { token })),
    );
    expect(new Set(tabs.map(({ session }) => session.id)).size).toBe(1);
    expect(tabs[0]?.session.id).not.toBe(sessionId);
  });

  it('tells of the page the visitor is on until they write', async () => {
    const { pp } = house();
    const { token, say, sessionId } = await visitor({ pp });
    await pp.conversation.connect(
      { visitorId: 'vis_one', metadata: { url: 'https://a.example/2' } },
      { token },
    );
    expect((await pp.getSession(sessionId))?.metadata.url).toBe('https://a.example/2');
    await say('here');
    await pp.conversation.connect(
      { visitorId: 'vis_one', metadata: { url: 'https://a.example/3' } },
      { token },
    );
    expect((await pp.getSession(sessionId))?.metadata.url).toBe('https://a.example/2');
  });
});

describe('sending', () => {
  it('returns the first result for a repeated clientMessageId', async () => {
    const { pp } = house();
    const { say, sessionId } = await visitor({ pp });
    const messages = await Promise.all([1, 2, 3].map(() => say('once', { clientMessageId: 'c1' })));
    expect(new Set(messages.map(({ id }) => id)).size).toBe(1);
    expect(await pp.getMessages(sessionId)).toHaveLength(1);
    await expect(say('other', { clientMessageId: 'c1' })).rejects.toEqual(code('conflict'));
  });

  it('reopens what the team closed, and not what the visitor ended', async () => {
    const { pp } = house();
    const { say, sessionId, actor } = await visitor({ pp });
    await pp.closeSession(sessionId);
    expect((await pp.getSession(sessionId))?.status).toBe('closed');
    await say('still there?');
    expect((await pp.getSession(sessionId))?.status).toBe('open');
    await pp.conversation.leave(actor, sessionId);
    await expect(say('hello?')).rejects.toEqual(code('session_ended'));
    await expect(pp.sendMessage(sessionId, { content: 'x' })).rejects.toEqual(code('session_ended'));
  });
});

describe('editing and deleting', () => {
  it('changes the visitor’s own message, once', async () => {
    const { pp } = house();
    const { say, sessionId, actor } = await visitor({ pp });
    const { id } = await say('helo');
    const edited = await pp.conversation.edit(actor, { sessionId, messageId: id, content: 'hello' });
    expect(edited.message).toMatchObject({ content: 'hello', version: 2, editedAt: expect.any(Number) });
    const same = await pp.conversation.edit(actor, { sessionId, messageId: id, content: 'hello' });
    expect(same).toEqual({ message: edited.message, seq: edited.seq });
    const removed = await pp.conversation.remove(actor, { sessionId, messageId: id });
    expect(removed.message).toMatchObject({ content: '', version: 3, deletedAt: expect.any(Number) });
    await pp.conversation.remove(actor, { sessionId, messageId: id });
    await expect(pp.conversation.edit(actor, { sessionId, messageId: id, content: 'x' })).rejects.toEqual(
      code('message_deleted'),
    );
  });

  it('lets every one of many concurrent edits through', async () => {
    const { pp } = house();
    const { say, sessionId, actor } = await visitor({ pp });
    const { id } = await say('0');
    await Promise.all(
      [1, 2, 3, 4, 5].map((n) => pp.conversation.edit(actor, { sessionId, messageId: id, content: `${n}` })),
    );
    expect((await pp.conversation.messages(actor, { sessionId, limit: 1 })).messages[0]?.version).toBe(6);
  });
});

describe('who may do what', () => {
  it('opens nothing of another visitor’s with an id alone', async () => {
    const { pp } = house();
    const one = await visitor({ pp }, 'vis_one');
    const { id: messageId } = await one.say('mine');
    const { actor } = await visitor({ pp }, 'vis_two');
    const { sessionId } = one;
    const before = await pp.getMessages(sessionId);
    const nobody = new AbortController().signal;
    const silent = { entry: () => {}, signal: () => {}, reset: () => {}, end: () => {} };
    const refused = [
      pp.conversation.send(actor, { sessionId, content: 'x' }),
      pp.conversation.edit(actor, { sessionId, messageId, content: 'x' }),
      pp.conversation.remove(actor, { sessionId, messageId }),
      pp.conversation.read(actor, { sessionId, messageIds: [messageId], status: 'read' }),
      pp.conversation.type(actor, { sessionId, isTyping: true }),
      pp.conversation.identify(actor, { sessionId, identity: { name: 'Eve' } }),
      pp.conversation.leave(actor, sessionId),
      pp.conversation.messages(actor, { sessionId, limit: 10 }),
      pp.conversation.events(actor, { sessionId, after: 0, wait: 0, limit: 10 }, nobody),
      pp.conversation.follow(actor, { sessionId, after: 0 }, silent),
    ];
    for (const attempt of refused) await expect(attempt).rejects.toEqual(code('session_not_found'));
    expect(await pp.getMessages(sessionId)).toEqual(before);
    expect(await pp.getSession(sessionId)).toMatchObject({ status: 'open' });
  });

  it('lets a visitor change no message of the team', async () => {
    const { pp } = house();
    const { actor, sessionId } = await visitor({ pp });
    const { id } = await pp.sendMessage(sessionId, { content: 'from the team' });
    for (const attempt of [
      pp.conversation.edit(actor, { sessionId, messageId: id, content: 'x' }),
      pp.conversation.remove(actor, { sessionId, messageId: id }),
    ]) {
      await expect(attempt).rejects.toEqual(code('message_not_found'));
    }
  });
});

describe('reading', () => {
  it('raises a watermark that never falls', async () => {
    const { pp, storage } = house();
    const { actor, sessionId, say } = await visitor({ pp });
    const first = await pp.sendMessage(sessionId, { content: 'one' });
    const own = await say('mine');
    const second = await pp.sendMessage(sessionId, { content: 'two' });
    await pp.conversation.read(actor, {
      sessionId,
      messageIds: [own.id, second.id, 'msg_unknown'],
      status: 'read',
    });
    const after = await storage.session(sessionId);
    await pp.conversation.read(actor, { sessionId, messageIds: [first.id], status: 'read' });
    expect(await storage.session(sessionId)).toEqual(after);
    expect(after?.visitorReadSeq).toBe((await storage.message(second.id))?.seq);
  });
});

describe('identity', () => {
  it('is a claim from a browser and verified from the site', async () => {
    const { pp } = house();
    const { actor, sessionId } = await visitor({ pp });
    const claim = await pp.conversation.identify(actor, {
      sessionId,
      identity: { name: 'Jo', email: 'jo@example.com' },
    });
    expect(claim).toEqual({ name: 'Jo', email: 'jo@example.com', verified: false });
    const session = await pp.identify(sessionId, {
      email: 'john@example.com',
      name: 'John',
      customerId: 'cust_1',
    });
    expect(session.identity).toEqual({
      email: 'john@example.com',
      name: 'John',
      customerId: 'cust_1',
      verified: true,
    });
  });

  it('does not let a verified person become another one', async () => {
    const { pp } = house();
    const { actor, sessionId } = await visitor({ pp });
    await pp.identify(sessionId, { id: 'u1', name: 'Ann' });
    await expect(pp.identify(sessionId, { id: 'u2' })).rejects.toEqual(code('identity_conflict'));
    await expect(pp.conversation.identify(actor, { sessionId, identity: { id: 'u2' } })).rejects.toEqual(
      code('identity_conflict'),
    );
    const unchanged = await pp.conversation.identify(actor, {
      sessionId,
      identity: { name: 'Eve', phone: '123' },
    });
    expect(unchanged).toEqual({ id: 'u1', name: 'Ann', verified: true });
  });

  it('says what is wrong with an identity', async () => {
    const { pp } = house();
    const { sessionId } = await visitor({ pp });
    await expect(pp.identify(sessionId, {})).rejects.toEqual(code('validation_failed'));
    await expect(pp.identify(sessionId, { name: 7 } as never)).rejects.toThrow(/name/);
    await expect(pp.identify('sess_none', { name: 'Jo' })).rejects.toEqual(code('session_not_found'));
  });
});

describe('history', () => {
  it('pages both ways from a message, a seq or a time', async () => {
    const { pp, clock } = house();
    const { actor, sessionId, say } = await visitor({ pp });
    const sent = [];
    for (let n = 1; n <= 5; n++) {
      sent.push(await say(`${n}`));
      await clock.advance(1000);
    }
    const page = async (query: object) => {
      const { messages, hasMore } = await pp.conversation.messages(actor, { sessionId, limit: 2, ...query });
      return [messages.map(({ content }) => content).join(''), hasMore];
    };
    const third = sent[2];
    if (!third) throw new Error('three were sent');
    const time = new Date(third.createdAt).toISOString();
    expect(await page({})).toEqual(['45', true]);
    expect(await page({ before: third.id })).toEqual(['12', false]);
    expect(await page({ after: third.id })).toEqual(['45', false]);
    expect(await page({ after: String(sent[0]?.seq) })).toEqual(['23', true]);
    expect(await page({ after: time })).toEqual(['45', false]);
    expect(await page({ before: time })).toEqual(['12', false]);
    expect(await page({ after: '2001-01-01T00:00:00Z' })).toEqual(['12', true]);
    expect(await page({ before: '2099-01-01T00:00:00Z' })).toEqual(['45', true]);
    await expect(page({ after: 'msg_unknown' })).rejects.toEqual(code('message_not_found'));
  });

  it('waits for the next entry, and no longer than asked', async () => {
    const { pp, clock } = house();
    const { actor, sessionId, seq } = await visitor({ pp });
    const ask = (wait: number, after = seq) =>
      pp.conversation.events(actor, { sessionId, after, wait, limit: 10 }, new AbortController().signal);
    const waiting = ask(25);
    await clock.advance(10_000);
    await pp.sendMessage(sessionId, { content: 'hi' });
    expect((await waiting).entries.map(({ message }) => message?.content)).toEqual(['hi']);

    const head = (await ask(0)).seq;
    const inVain = ask(5, head);
    await clock.advance(5000);
    expect(await inVain).toEqual({ entries: [], seq: head, hasMore: false });
    expect((await ask(0, 99)).reset).toBe('unknown_cursor');
  });
});
