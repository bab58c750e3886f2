import { PocketPing, type Storage } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { house, visitor } from '../engine/house.js';
import { Notebook } from './notebook.js';

/** A storage whose methods can be made to fail or to wait. */
const moody = () => {
  const notebook = new Notebook();
  const moods = new Map<string, () => Promise<void>>();
  const storage = new Proxy(notebook, {
    get: (target, name) => {
      const method = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        await moods.get(String(name))?.();
        return method.apply(target, args);
      };
    },
  });
  return {
    notebook,
    storage: storage as Storage,
    on: (method: keyof Storage, mood: () => Promise<void>) => moods.set(method, mood),
    calm: () => moods.clear(),
  };
};

const broken = async () => {
  throw new Error('disk full at /var/lib/secret');
};

describe('a storage of somebody’s own that fails', () => {
  it('has nothing count as done, and is told about in the log', async () => {
    const { storage, on, calm } = moody();
    const { pp, logger } = house({ storage });
    const guest = await visitor({ pp });
    await guest.say('one');
    on('saveMessage', broken);
    const failing = guest.say('two', { clientMessageId: 'c2' });
    await expect(failing).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await expect(failing).rejects.not.toThrow(/secret/);
    expect(logger.lines).toContainEqual({
      level: 'error',
      fields: { err: expect.any(Error), method: 'saveMessage', sessionId: guest.sessionId },
      message: expect.stringContaining('saveMessage'),
    });
    expect((await pp.getMessages(guest.sessionId)).map(({ content }) => content)).toEqual(['one']);
    calm();
    const second = await guest.say('two', { clientMessageId: 'c2' });
    expect(second.seq).toBe(3);
    expect((await pp.getMessages(guest.sessionId)).map(({ content }) => content)).toEqual(['one', 'two']);
  });

  it('begins no session that it could not keep', async () => {
    const { storage, on, calm } = moody();
    const { pp } = house({ storage });
    on('createSession', broken);
    const request = { visitorId: 'v', secret: 's'.repeat(43) };
    await expect(pp.conversation.connect(request, {})).rejects.toMatchObject({ code: 'unavailable' });
    expect(await pp.getSessions()).toEqual([]);
    calm();
    const { token } = await pp.conversation.connect(request, {});
    expect(token).toMatch(/^ppv_[\w-]{43}\.sess_\w{36}$/);
  });

  it('that kept a message and failed all the same shows it once after a restart', async () => {
    const notebook = new Notebook();
    const { pp, clock } = house({ storage: notebook as never });
    const guest = await visitor({ pp });
    await guest.say('one');
    const { saveMessage } = notebook;
    notebook.saveMessage = async (...args) => {
      await saveMessage.apply(notebook, args);
      throw new Error('the connection was lost');
    };
    await expect(guest.say('two', { clientMessageId: 'c2' })).rejects.toMatchObject({ code: 'unavailable' });
    notebook.saveMessage = saveMessage;
    await clock.advance(5);
    const committed = await guest.say('two', { clientMessageId: 'c2' });
    expect(await notebook.getMessages(guest.sessionId)).toHaveLength(3);
    await pp.stop();
    const { getMessages } = notebook;
    for (const order of [(found: object[]) => found, (found: object[]) => found.reverse()]) {
      notebook.getMessages = async (id) => order(await getMessages.call(notebook, id));
      const { pp: again } = house({ storage: notebook as never });
      const messages = await again.getMessages(guest.sessionId);
      expect(messages.map(({ id, content }) => [id, content])).toEqual([
        [expect.any(String), 'one'],
        [committed.id, 'two'],
      ]);
    }
  });

  it('keeps nobody waiting who has to do with another session', async () => {
    const { storage, on } = moody();
    const { pp, clock } = house({ storage });
    const [slow, quick] = [await visitor({ pp }, 'a'), await visitor({ pp }, 'b')];
    let release = () => {};
    let waiting = 0;
    on('saveMessage', async () => {
      if (++waiting === 1) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
    });
    const order: string[] = [];
    const said = [slow.say('first'), slow.say('second')].map((one) =>
      one.then(({ content }) => order.push(content)),
    );
    await clock.advance(0);
    order.push((await quick.say('meanwhile')).content);
    expect(waiting).toBe(2);
    release();
    await Promise.all(said);
    expect(order).toEqual(['meanwhile', 'first', 'second']);
    const messages = await pp.getMessages(slow.sessionId);
    expect(messages.map(({ content }) => content)).toEqual(['first', 'second']);
  });

  it('is asked again for a session whose reading failed', async () => {
    const { storage, on, calm, notebook } = moody();
    const { pp } = house({ storage: notebook as never });
    const guest = await visitor({ pp });
    await guest.say('one');
    await pp.stop();
    const { pp: again } = house({ storage: { ...four(storage) } as never });
    on('getMessages', broken);
    await expect(again.getSession(guest.sessionId)).rejects.toMatchObject({ code: 'unavailable' });
    calm();
    expect(await again.getSession(guest.sessionId)).toMatchObject({ id: guest.sessionId });
    expect(await again.getMessages(guest.sessionId)).toHaveLength(1);
  });

  it('is refused at once when it lacks methods, with their names', () => {
    const lacking = { createSession: () => {}, getSession: () => null, getmessages: () => [] };
    expect(() => new PocketPing({ storage: lacking as never })).toThrow(/no saveMessage, getMessages/);
    expect(() => new PocketPing({ storage: 'postgres://localhost' as never })).toThrow(
      /storage is a text, and no storage: pass what its package makes, or one of your own/,
    );
  });
});

const four = ({ createSession, getSession, saveMessage, getMessages }: Storage) => ({
  createSession,
  getSession,
  saveMessage,
  getMessages,
});
