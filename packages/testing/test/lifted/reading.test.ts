import type { Storage } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { house } from '../engine/house.js';

/** An engine over what a database gives back. */
const over = (session: unknown, messages: readonly unknown[] = []) => {
  const storage: Storage = {
    createSession: () => {},
    getSession: () => session as object,
    saveMessage: () => {},
    getMessages: () => messages as object[],
  };
  return house({ storage: storage as never }).pp;
};
const at = new Date('2026-03-01T10:00:00.123Z');

describe('what a database gives back', () => {
  it.each([
    ['null', null],
    ['undefined', undefined],
    ['an empty hash', {}],
    ['a record without an id', { visitorId: 'v', createdAt: at }],
    ['a record whose id is null', { id: null }],
  ])('is no session: %s', async (_, record) => {
    expect(await over(record).getSession('s')).toBeNull();
  });

  it.each([
    ['Date', at],
    ['ISO 8601', at.toISOString()],
    ['milliseconds', at.getTime()],
    ['milliseconds in text', String(at.getTime())],
    ['the form of a database', '2026-03-01 10:00:00.123+00'],
  ])('may have dates as %s', async (_, createdAt) => {
    for (const record of [{ createdAt }, { created_at: createdAt }, { createdat: createdAt }]) {
      expect(await over({ id: 's', visitor_id: 'v', ...record }).getSession('s')).toMatchObject({
        visitorId: 'v',
        createdAt: at,
        lastActivity: at,
      });
    }
  });

  it.each([
    '{}',
    '{"session":{}}',
    '{"session":{"seq":1,"visitorId":"v"}}',
    '{"session":null,"threads":[],"tasks":[]}',
  ])('may have a state that is not whole, which counts as absent: %s', async (state) => {
    const pp = over({ id: 's', visitorId: 'v', createdAt: at, state });
    expect(await pp.getSession('s')).toMatchObject({ visitorId: 'v', status: 'open', createdAt: at });
    expect(await pp.getMessages('s')).toEqual([]);
  });

  it.each(['{"message":{}}', '{"message":{"seq":2,"author":{}},"about":{}}'])(
    'may have a message whose state is not whole: %s',
    async (state) => {
      const pp = over({ id: 's', visitorId: 'v' }, [{ id: 'm', content: 'hello?', type: 'visitor', state }]);
      expect(await pp.getMessages('s')).toMatchObject([{ id: 'm', content: 'hello?', sender: 'visitor' }]);
    },
  );

  it('may have objects as JSON, and what is damaged counts as absent', async () => {
    const record = { id: 's', visitorId: 'v', createdAt: at, status: 'closed' };
    const metadata = { url: 'https://shop.example/' };
    const identity = { email: 'ada@example.com', verified: true };
    for (const form of [JSON.stringify, (value: object) => value]) {
      const pp = over({ ...record, metadata: form(metadata), identity: form(identity) });
      expect(await pp.getSession('s')).toMatchObject({ metadata, identity, status: 'closed' });
    }
    const damaged = { ...record, metadata: '{"url":"htt', identity: '[object Object]', state: '{"token"' };
    expect(await over({ ...damaged, status: 'asleep' }).getSession('s')).toEqual({
      id: 's',
      visitorId: 'v',
      status: 'open',
      createdAt: at,
      lastActivity: at,
      metadata: {},
    });
  });

  it('may name who wrote a message by sender or type, and when by timestamp or createdAt', async () => {
    const pp = over({ id: 's', visitorId: 'v', createdAt: at }, [
      { id: 'm1', type: 'visitor', content: 'a', created_at: at },
      { id: 'm2', sender: 'operator', sender_name: 'Ada', content: 'b', timestamp: at.toISOString() },
      { id: 'm3', content: 'c', reply_to: 'm1', edited_at: at },
      {},
      { id: 'm4', type: 'ai', content: 'd', deleted_at: at },
    ]);
    expect(await pp.getMessages('s')).toEqual([
      { id: 'm1', sessionId: 's', sender: 'visitor', content: 'a', timestamp: at },
      { id: 'm2', sessionId: 's', sender: 'operator', senderName: 'Ada', content: 'b', timestamp: at },
      {
        id: 'm3',
        sessionId: 's',
        sender: 'system',
        content: 'c',
        timestamp: at,
        replyTo: 'm1',
        editedAt: at,
      },
      { id: 'm4', sessionId: 's', sender: 'ai', content: '', timestamp: at, deletedAt: at },
    ]);
  });

  it('keeps a note from visitors, however it is marked', async () => {
    const marks = [{ type: 'note' }, { isNote: true }, { is_note: 't' }, { isnote: 1 }, { isNote: 'true' }];
    const pp = over(
      { id: 's', visitorId: 'v', createdAt: at },
      marks.map((mark, index) => ({ id: `m${index}`, sender: 'operator', content: 'hush', ...mark })),
    );
    expect(await pp.getMessages('s')).toEqual([]);
    expect(await pp.getMessages('s', { notes: true })).toHaveLength(marks.length);
  });

  it('is refused when it is another session than the one asked for', async () => {
    await expect(over({ id: 'another', visitorId: 'v' }).getSession('s')).rejects.toMatchObject({
      code: 'unavailable',
      cause: expect.objectContaining({ message: expect.stringContaining('another') }),
    });
  });

  it.each([
    ['a result of a query', { rows: [], command: 'SELECT' }, 'an object with the keys rows, command'],
    ['a text', '[]', 'a string'],
  ])('fails by its name where a list is %s', async (_, answer, said) => {
    const storage = {
      createSession() {},
      getSession: () => ({ id: 's', visitorId: 'v' }),
      saveMessage() {},
      getMessages: () => answer,
    };
    const failing = house({ storage: storage as never });
    await expect(failing.pp.getMessages('s')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('getMessages'),
      cause: { message: expect.stringContaining(said) },
    });
    const starting = house({ storage: { ...storage, getSessions: () => answer } as never });
    await expect(starting.pp.start()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('getSessions'),
    });
  });

  it('is asked for by names only, though anybody may name a session', async () => {
    const asked: string[] = [];
    const storage: Storage = {
      createSession: () => {},
      getSession: (id) => void asked.push(id),
      saveMessage: () => {},
      getMessages: () => [],
    };
    const { pp } = house({ storage: storage as never });
    for (const id of [
      '../../etc/passwd',
      "'; DROP TABLE sessions",
      'a:b',
      'a\n',
      '*',
      '',
      'x'.repeat(5000),
    ]) {
      await expect(pp.conversation.authenticate(`ppv_x.${id}`)).rejects.toMatchObject({
        code: 'unauthorized',
      });
      expect(await pp.getSession(id)).toBeNull();
    }
    await expect(pp.conversation.authenticate('ppv_x.sess_a-1')).rejects.toMatchObject({
      code: 'unauthorized',
    });
    expect(asked).toEqual(['sess_a-1']);
  });
});
