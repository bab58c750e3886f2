import { MemoryFileStore, type PocketPingOptions, type Storage } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { FakeBridge } from '../engine/fake-bridge.js';
import { house, refusal, visitor } from '../engine/house.js';
import { Notebook } from './notebook.js';

/** Engines one after another over one storage of somebody's own, and one platform. */
const street = (storage: Storage = new Notebook(), options: PocketPingOptions = {}) => {
  const clock = virtualClock();
  const bridge = new FakeBridge('fake', { receipts: true });
  const begin = async () => {
    const opened = house({ clock, storage, bridge, ...options });
    await opened.pp.start();
    return opened;
  };
  return { clock, bridge, begin };
};

/** The four methods of a storage, without what else it has. */
const four = (whole: Notebook): Storage => ({
  createSession: (session) => whole.createSession(session),
  getSession: (id) => whole.getSession(id),
  saveMessage: (sessionId, message) => whole.saveMessage(sessionId, message),
  getMessages: (sessionId) => whole.getMessages(sessionId),
});

describe('a process that starts again over a storage with every method', () => {
  it('has the sessions, the messages and the notes as they were', async () => {
    const { clock, bridge, begin } = street();
    const { pp } = await begin();
    const guest = await visitor({ pp });
    const first = await guest.say('helo');
    await clock.advance(1000);
    await pp.conversation.edit(guest.actor, { ...guest, messageId: first.id, content: 'hello' });
    const gone = await guest.say('my card is 4111');
    await pp.conversation.remove(guest.actor, { ...guest, messageId: gone.id });
    await clock.advance(1000);
    await bridge.type('Hi there');
    await bridge.command('note', { args: 'a regular' });
    await pp.sendMessage(guest.sessionId, { content: 'and again', name: 'Grace', replyTo: first.id });
    await pp.identify(guest.sessionId, { email: 'ada@example.com', metadata: { plan: 'pro' } });
    await pp.closeSession(guest.sessionId);
    await clock.advance(1000);
    const before = [
      await pp.getSession(guest.sessionId),
      await pp.getSessions(),
      await pp.getMessages(guest.sessionId, { notes: true }),
    ];
    expect(before[2]).toHaveLength(5);
    await pp.stop();

    const { pp: again } = await begin();
    expect([
      await again.getSession(guest.sessionId),
      await again.getSessions(),
      await again.getMessages(guest.sessionId, { notes: true }),
    ]).toEqual(before);
    expect(await again.getMessages(guest.sessionId)).toHaveLength(4);
  });

  it('still has the files of messages, under the addresses that they had', async () => {
    const { clock, bridge, begin } = street(new Notebook(), { files: new MemoryFileStore() });
    const { pp } = await begin();
    const guest = await visitor({ pp });
    const bytes = new TextEncoder().encode('Brass, 40 W');
    const { sessionId } = guest;
    const { attachmentId } = await pp.conversation.announce(guest.actor, {
      sessionId,
      name: 'lamp.txt',
      size: bytes.length,
    });
    await pp.conversation.takeBytes(guest.actor, attachmentId, () => new Blob([bytes]).stream());
    await pp.conversation.completeUpload(guest.actor, { sessionId, attachmentId });
    const { attachments } = await pp.conversation.send(guest.actor, {
      sessionId,
      content: 'this one',
      attachmentIds: [attachmentId],
    });
    const key = attachments?.[0]?.key as string;
    await clock.advance(1000);
    await pp.stop();

    const { pp: again } = await begin();
    await again.getSession(sessionId);
    const messages = await again.getMessages(sessionId);
    expect(messages[0]?.attachments).toMatchObject([{ id: attachmentId, name: 'lamp.txt', size: 11 }]);
    const file = await again.conversation.openFile(attachmentId, { key });
    expect(await new Response(await file.bytes()).text()).toBe('Brass, 40 W');
    await expect(again.conversation.openFile(attachmentId, { key: 'another' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await clock.advance(48 * 60 * 60_000);
    expect(await new Response(await again.readAttachment(attachmentId)).text()).toBe('Brass, 40 W');
    expect(bridge.posts.filter(({ file: posted }) => posted).length).toBe(1);
  });

  it('knows its open sessions, newest first, and whom the team keeps out', async () => {
    const { clock, bridge, begin } = street();
    const { pp } = await begin();
    const sessions: string[] = [];
    let last = { token: '', sessionId: '' };
    for (const name of ['one', 'two', 'three']) {
      const guest = await visitor({ pp }, name);
      await guest.say(name);
      sessions.unshift(guest.sessionId);
      last = guest;
      await clock.advance(1000);
    }
    await bridge.command('block');
    await clock.advance(1000);
    await pp.stop();

    const { pp: again } = await begin();
    expect((await again.getSessions()).map(({ id }) => id)).toEqual(sessions);
    const newcomer = await visitor({ pp: again }, 'four');
    expect((await again.getSessions()).map(({ id }) => id)).toEqual([newcomer.sessionId, ...sessions]);
    const blocked = await again.conversation.authenticate(last.token);
    await expect(
      again.conversation.send(blocked, { sessionId: last.sessionId, content: 'me again' }),
    ).rejects.toMatchObject({ code: 'blocked' });
  });

  it('opens to nobody what is another visitor’s, though their rows name one visitor by now', async () => {
    const notebook = new Notebook();
    const { clock, begin } = street(notebook);
    const { pp } = await begin();
    const ada = await visitor({ pp }, 'ada');
    await ada.say('my card is 4111');
    await clock.advance(1000);
    const bob = await visitor({ pp }, 'bob');
    await bob.say('hello');
    await clock.advance(1000);
    await pp.stop();
    for (const [id, text] of notebook.sessions)
      notebook.sessions.set(id, JSON.stringify({ ...JSON.parse(text), visitorId: 'anonymous' }));

    const { pp: again } = await begin();
    const actor = await again.conversation.authenticate(bob.token);
    await expect(
      again.conversation.messages(actor, { sessionId: ada.sessionId, limit: 50 }),
    ).rejects.toMatchObject({ code: 'session_not_found' });
    const back = await again.conversation.connect({ visitorId: 'ada' }, { token: ada.token });
    expect(back.messages.map(({ content }) => content)).toEqual(['my card is 4111']);
  });

  it('lets the visitor and the team go on in the same thread', async () => {
    const { clock, bridge, begin } = street();
    const { pp } = await begin();
    const guest = await visitor({ pp });
    await guest.say('hello');
    await clock.advance(1000);
    const reply = await bridge.type('Hi there');
    await clock.advance(1000);
    const posted = bridge.posts.length;
    await pp.stop();

    const { pp: again } = await begin();
    await bridge.type('Still there?');
    await bridge.edit(reply, 'Hi there, I am Ada', { version: 2 });
    const actor = await again.conversation.authenticate(guest.token);
    await again.conversation.send(actor, { sessionId: guest.sessionId, content: 'yes' });
    await clock.advance(1000);
    expect(bridge.threads).toHaveLength(1);
    expect(bridge.posts.slice(posted).map(({ text }) => text)).toEqual(['<yes>']);
    expect((await again.getMessages(guest.sessionId)).map(({ content }) => content)).toEqual([
      'hello',
      'Hi there, I am Ada',
      'Still there?',
      'yes',
    ]);
  });

  it('delivers what could not be delivered before', async () => {
    const { clock, bridge, begin } = street();
    const { pp } = await begin();
    bridge.fail('open', refusal('unavailable'));
    const guest = await visitor({ pp });
    await guest.say('hello');
    await clock.advance(10);
    expect(bridge.posts).toEqual([]);
    await pp.stop();

    const { pp: again } = await begin();
    await clock.advance(1000);
    expect(bridge.posts.map(({ text }) => text)).toEqual([expect.stringContaining('card'), '<hello>']);
    expect(bridge.threads).toHaveLength(1);
    expect(await again.health()).toMatchObject({ bridges: [{ backlog: 0 }] });
  });

  it('tells a widget that was away what it missed, under a cursor from before', async () => {
    const { clock, bridge, begin } = street();
    const { pp } = await begin();
    const guest = await visitor({ pp });
    const first = await guest.say('helo');
    await clock.advance(1000);
    await bridge.type('Hi there');
    await clock.advance(1000);
    await pp.conversation.edit(guest.actor, { ...guest, messageId: first.id, content: 'hello' });
    await pp.stop();

    const { pp: again } = await begin();
    const actor = await again.conversation.authenticate(guest.token);
    const { entries } = await again.conversation.events(
      actor,
      { sessionId: guest.sessionId, after: first.seq, wait: 0, limit: 100 },
      new AbortController().signal,
    );
    const seen = entries.flatMap(({ event, message }) => (message ? [[event.type, message.content]] : []));
    expect(seen).toEqual([
      ['message', 'Hi there'],
      ['message_edited', 'hello'],
    ]);
  });
});

describe('a custom event over a storage of somebody’s own', () => {
  it('is taken once under its clientEventId, and once more by a process that has lost the first one', async () => {
    const heard: string[] = [];
    const { clock, begin } = street(new Notebook(), { onEvent: ({ name }) => void heard.push(name) });
    const { pp } = await begin();
    const { actor, sessionId, say } = await visitor({ pp });
    await say('hello');
    const paid = { sessionId, name: 'paid', clientEventId: 'e1' };
    await Promise.all([pp.conversation.trigger(actor, paid), pp.conversation.trigger(actor, paid)]);
    await expect(pp.conversation.trigger(actor, { ...paid, name: 'other' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await clock.advance(0);
    expect(heard).toEqual(['paid']);
    await pp.stop();

    const { pp: again } = await begin();
    await again.conversation.trigger(actor, paid);
    await again.conversation.trigger(actor, paid);
    await clock.advance(0);
    expect(heard).toEqual(['paid', 'paid']);
  });
});

describe('what a storage is given', () => {
  it('is in order by createdAt, also what was said within one millisecond', async () => {
    const notebook = new Notebook();
    const { begin } = street(notebook);
    const { pp } = await begin();
    const guest = await visitor({ pp });
    for (const word of ['one', 'two', 'three']) await guest.say(word);
    const kept = (await notebook.getMessages(guest.sessionId)) as { createdAt: string; timestamp: string }[];
    expect(new Set(kept.map(({ timestamp }) => timestamp)).size).toBe(1);
    const instants = kept.map(({ createdAt }) => Date.parse(createdAt));
    expect(instants.map((instant) => instant - (instants[0] ?? 0))).toEqual([0, 1, 2]);
  });

  it('is no private note, unless it has a method for them', async () => {
    const notebook = new Notebook();
    Object.defineProperty(notebook, 'saveNote', { value: undefined });
    const { clock, bridge, begin } = street(notebook);
    const { pp } = await begin();
    const guest = await visitor({ pp });
    await guest.say('hello');
    await clock.advance(1000);
    await bridge.command('note', { args: 'hush' });
    await clock.advance(1000);
    const notes = (await pp.getMessages(guest.sessionId, { notes: true })).filter(({ isNote }) => isNote);
    expect(notes.map(({ content }) => content)).toEqual(['hush']);
    expect(JSON.stringify(await notebook.getMessages(guest.sessionId))).not.toContain('hush');
  });
});

describe('a process that starts again over a storage with the four methods', () => {
  const restarted = async () => {
    const { clock, bridge, begin } = street(four(new Notebook()));
    const { pp } = await begin();
    const guest = await visitor({ pp });
    await guest.say('hello', { clientMessageId: 'c1' });
    await clock.advance(1000);
    await bridge.type('Hi there');
    await bridge.command('note', { args: 'a regular' });
    await clock.advance(1000);
    const session = await pp.getSession(guest.sessionId);
    await pp.stop();
    return { ...guest, ...(await begin()), clock, bridge, session };
  };

  it('knows a session again when it is named, and what was said in it, without notes', async () => {
    const { pp, sessionId, session } = await restarted();
    expect(await pp.getSessions()).toEqual([]);
    expect(await pp.getSession(sessionId)).toEqual({ ...session, lastActivity: expect.any(Date) });
    expect((await pp.getMessages(sessionId, { notes: true })).map(({ content }) => content)).toEqual([
      'hello',
      'Hi there',
    ]);
    expect(await pp.getSessions()).toHaveLength(1);
  });

  it('lets the visitor go on by the token alone, in a thread that shows the conversation so far', async () => {
    const { pp, sessionId, token, clock, bridge } = await restarted();
    const actor = await pp.conversation.authenticate(token);
    await pp.conversation.send(actor, { sessionId, content: 'and more' });
    await clock.advance(1000);
    expect(bridge.threads).toHaveLength(2);
    const [, second] = bridge.threads;
    const texts = bridge.posts.filter(({ threadId }) => threadId === second?.id).map(({ text }) => text);
    expect(texts.join('\n')).toMatch(/hello.*Hi there.*and more/s);
  });

  it('takes a message once that is sent again', async () => {
    const { pp, sessionId, token } = await restarted();
    const actor = await pp.conversation.authenticate(token);
    const request = { sessionId, content: 'hello', clientMessageId: 'c1' };
    const again = await pp.conversation.send(actor, request);
    expect(again.content).toBe('hello');
    expect(await pp.getMessages(sessionId)).toHaveLength(2);
  });

  it('gives no seq twice that a client may have seen', async () => {
    const { clock, begin } = street(four(new Notebook()));
    const { pp } = await begin();
    const guest = await visitor({ pp });
    await guest.say('hello');
    const answer = await pp.sendMessage(guest.sessionId, { content: 'hi' });
    await pp.conversation.read(guest.actor, { ...guest, messageIds: [answer.id], status: 'read' });
    const { session } = await pp.conversation.connect({ visitorId: 'vis_one' }, { token: guest.token });
    await clock.advance(0);
    await pp.stop();
    const { pp: again } = await begin();
    await again.sendMessage(guest.sessionId, { content: 'are you there?' });
    const actor = await again.conversation.authenticate(guest.token);
    const { entries } = await again.conversation.events(
      actor,
      { sessionId: guest.sessionId, after: session.seq, wait: 0, limit: 100 },
      new AbortController().signal,
    );
    expect(entries.map(({ message }) => message?.content)).toContain('are you there?');
  });

  it('says once, at start, what it keeps in memory only', async () => {
    const { pp, logger } = house({ storage: four(new Notebook()) });
    expect(logger.lines).toEqual([]);
    await pp.start();
    await pp.getSessions();
    const warnings = logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
    expect(warnings).toHaveLength(1);
    for (const method of ['updateSession', 'updateMessage', 'deleteMessage', 'saveNote', 'getSessions']) {
      expect(warnings[0]).toContain(method);
    }
    expect(warnings[0]).toContain('custom events that have not reached the page');
    expect(warnings[0]).toContain('One process at a time');
  });
});
