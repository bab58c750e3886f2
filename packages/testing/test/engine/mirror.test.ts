import { LocalBroker, MemoryFileStore, MemoryStorage, type TeamFrom, type TeamNews } from '@pocketping/core';
import { type BridgeEvent, type BridgeEventInput, bridgeEvent } from '@pocketping/protocol';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { recordingLogger } from '../../src/logger.js';
import { FakeBridge } from './fake-bridge.js';
import { type House, house, visitor } from './house.js';

/** What a backend sends, as it passes the schema. */
const event = (input: BridgeEventInput): BridgeEvent => bridgeEvent.parse(input);

const SESSION = 'sess_1';
const begun: BridgeEventInput = { type: 'new_session', session: { id: SESSION, visitorId: 'vis_77' } };

/** An engine with a bridge and a session that a backend has. */
const mirrored = async (options: Parameters<typeof house>[0] = {}) => {
  const bridge = new FakeBridge('fake', { receipts: true });
  const started = house({ bridge, ...options });
  await started.pp.start();
  const take = (input: BridgeEventInput) => started.pp.mirror.take(event(input));
  const say = (id: string, content: string) =>
    take({ type: 'visitor_message', sessionId: SESSION, message: { id, content } });
  await take(begun);
  return { ...started, bridge, take, say };
};

/** A backend that listens; `told` is what it was told so far. */
const listening = (pp: House['pp'], from: Partial<TeamFrom> = {}) => {
  const told: TeamNews[] = [];
  const over = new AbortController();
  const ended = (async () => {
    for await (const news of pp.mirror.team({ origin: 'default', ...from }, over.signal)) told.push(news);
  })();
  return {
    told,
    /** What the team did. */
    get doings() {
      return told.flatMap((news) =>
        news.kind === 'entry' ? [`${news.entry.event.type}: ${news.entry.message?.content ?? ''}`] : [],
      );
    },
    get position() {
      return told.reduce(
        (last, news) =>
          news.kind === 'entry' ? news.entry.event.position : news.kind === 'upTo' ? news.position : last,
        0,
      );
    },
    async end(clock: House['clock']) {
      over.abort();
      await clock.advance(0);
      await ended;
    },
  };
};

describe('a session that a backend has', () => {
  it('is on the bridges from its first message on, like one of this engine’s own', async () => {
    const { bridge, clock, take, say } = await mirrored();
    await clock.advance(0);
    expect(bridge.threads).toEqual([]);
    await say('m1', 'hello?');
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_77', 'hello?']);
    await take({
      type: 'operator_message',
      sessionId: SESSION,
      message: { content: 'Hi, from our desk', sender: 'operator', senderName: 'Bo' },
    });
    await take({
      type: 'operator_message',
      sessionId: SESSION,
      message: { content: 'he is angry', senderName: 'Bo', isNote: true },
    });
    await clock.advance(0);
    expect(bridge.shown().slice(2)).toEqual(['Bo: Hi, from our desk', 'note: Bo: he is angry']);
  });

  it('says one thing once, however often it is sent', async () => {
    const { bridge, clock, take, say } = await mirrored();
    const first = await say('m1', 'hello?');
    const again = await Promise.all([say('m1', 'hello?'), say('m1', 'hello?')]);
    expect(first).toMatchObject({ messageId: 'm1', duplicate: false });
    for (const repeated of again) expect(repeated).toEqual({ ...first, duplicate: true });
    const unnamed: BridgeEventInput = {
      id: 'evt_1',
      type: 'visitor_message',
      sessionId: SESSION,
      message: { content: 'anybody?' },
    };
    const { messageId } = await take(unnamed);
    expect(await take(unnamed)).toMatchObject({ messageId, duplicate: true });
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_77', 'hello?', 'anybody?']);
  });

  it('takes no id for two things', async () => {
    const { take, say } = await mirrored();
    await say('m1', 'hello?');
    await expect(say('m1', 'another')).rejects.toMatchObject({ code: 'conflict' });
    const edit = (content: string): BridgeEventInput => ({
      id: 'evt_2',
      type: 'visitor_message_edited',
      sessionId: SESSION,
      message: { id: 'm1', content },
    });
    expect(await take(edit('hello??'))).toMatchObject({ duplicate: false });
    expect(await take(edit('hello??'))).toMatchObject({ duplicate: true });
    await expect(take(edit('hello!'))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Use a new id'),
    });
    // What it said at first is no other content.
    expect(await say('m1', 'hello?')).toMatchObject({ duplicate: true });
  });

  it('does not undo what was said later with a repeated earlier word', async () => {
    const { pp, take } = await mirrored();
    const called = (id: string, name: string): BridgeEventInput => ({
      id,
      type: 'identity_update',
      sessionId: SESSION,
      identity: { name },
    });
    await take(called('evt_1', 'Mia'));
    await take(called('evt_2', 'Mia'));
    await take(called('evt_3', 'Noa'));
    for (const id of ['evt_1', 'evt_2'])
      expect(await take(called(id, 'Mia'))).toMatchObject({ sessionId: SESSION, duplicate: true });
    expect(await pp.getSession(SESSION)).toMatchObject({ identity: { name: 'Noa' } });
    await expect(take(called('evt_3', 'Mia'))).rejects.toMatchObject({ code: 'conflict' });
    const there = (id: string, online: boolean): BridgeEventInput => ({
      id,
      type: 'operator_status',
      online,
    });
    await take(there('evt_4', true));
    await take(there('evt_5', false));
    expect(await take(there('evt_4', true))).toEqual({ duplicate: true });
    expect(await pp.conversation.presence()).toMatchObject({ online: false });
  });

  it('does not undo a later edit with a repeated earlier one', async () => {
    const { take, say, storage } = await mirrored();
    await say('m1', 'one');
    const edit = (id: string, content: string) =>
      take({ id, type: 'visitor_message_edited', sessionId: SESSION, message: { id: 'm1', content } });
    await edit('evt_a', 'two');
    await edit('evt_b', 'three');
    await edit('evt_a', 'two');
    expect(await storage.message('m1')).toMatchObject({ content: 'three', version: 3 });
  });

  it('does not undo later ones with an earlier event that had nothing to change', async () => {
    const { take, say, storage } = await mirrored();
    await say('m1', 'one');
    const edit = (id: string, content: string) =>
      take({ id, type: 'visitor_message_edited', sessionId: SESSION, message: { id: 'm1', content } });
    await edit('evt_a', 'one');
    await edit('evt_b', 'two');
    expect(await edit('evt_a', 'one')).toMatchObject({ duplicate: true });
    expect(await storage.message('m1')).toMatchObject({ content: 'two' });
    const tell = (id: string, type: 'session_closed' | 'session_reopened') =>
      take({ id, type, sessionId: SESSION });
    await tell('evt_c', 'session_reopened');
    await tell('evt_d', 'session_closed');
    expect(await tell('evt_c', 'session_reopened')).toMatchObject({ duplicate: true });
    expect(await storage.session(SESSION)).toMatchObject({ status: 'closed' });
  });

  it('changes and takes away what it said, and not what the team said here', async () => {
    const { bridge, clock, take, say, storage } = await mirrored();
    await say('m1', 'hello?');
    await say('m2', 'oops');
    await clock.advance(0);
    await bridge.type('Hi!');
    await take({
      type: 'visitor_message_edited',
      sessionId: SESSION,
      message: { id: 'm1', content: 'hello!' },
    });
    await take({ type: 'visitor_message_deleted', sessionId: SESSION, message: { id: 'm2' } });
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_77', 'hello!']);
    const messages = await storage.messages(SESSION, { limit: 10 });
    const answer = messages.find(({ content }) => content === 'Hi!');
    const id = answer?.id as string;
    const edit = {
      type: 'operator_message_edited',
      sessionId: SESSION,
      message: { id, content: 'No!' },
    } as const;
    await expect(take(edit)).rejects.toMatchObject({ code: 'message_not_found' });
    const late = {
      type: 'visitor_message_edited',
      sessionId: SESSION,
      message: { id: 'm2', content: 'x' },
    } as const;
    await expect(take(late)).rejects.toMatchObject({ code: 'message_deleted' });
    // Gone already is as gone as can be.
    const gone = { type: 'visitor_message_deleted', sessionId: SESSION, message: { id: 'm2' } } as const;
    expect(await take(gone)).toMatchObject({ duplicate: true });
  });

  it('closes, opens again and ends as the backend says', async () => {
    const { bridge, clock, take, say } = await mirrored();
    await say('m1', 'hello?');
    const tell = async (type: 'session_closed' | 'session_reopened' | 'session_ended') => {
      const taken = await take({ type, sessionId: SESSION });
      await clock.advance(0);
      return [taken.duplicate, bridge.threads[0]?.closed];
    };
    expect(await tell('session_closed')).toEqual([false, true]);
    expect(await tell('session_closed')).toEqual([true, true]);
    expect(await tell('session_reopened')).toEqual([false, false]);
    await tell('session_closed');
    await say('m2', 'one more thing');
    await clock.advance(0);
    expect(bridge.threads[0]?.closed).toBe(false);
    await tell('session_ended');
    await expect(say('m3', 'too late')).rejects.toMatchObject({ code: 'session_ended' });
    const note = { content: 'never came back', isNote: true };
    await take({ type: 'operator_message', sessionId: SESSION, message: note });
    expect(await tell('session_reopened')).toEqual([true, true]);
  });

  it('tells who the visitor is, and shows how far the team’s messages have come', async () => {
    const { bridge, clock, take, say, storage } = await mirrored();
    await say('m1', 'hello?');
    await take({ type: 'identity_update', sessionId: SESSION, identity: { name: 'Mia' } });
    expect((await storage.session(SESSION))?.identity).toEqual({ name: 'Mia', verified: true });
    await take({
      ...begun,
      session: { id: SESSION, visitorId: 'vis_77', identity: { name: 'Mia B', verified: false } },
    } as BridgeEventInput);
    expect((await storage.session(SESSION))?.identity).toEqual({ name: 'Mia B', verified: false });
    await clock.advance(0);
    const id = await bridge.type('Hi Mia');
    const answer = (await storage.messages(SESSION, { limit: 1 }))[0]?.id as string;
    await take({
      type: 'message_read',
      sessionId: SESSION,
      messageIds: [answer, 'unknown'],
      status: 'delivered',
    });
    await clock.advance(5000);
    await take({ type: 'message_read', sessionId: SESSION, messageIds: [answer] });
    await clock.advance(5000);
    expect(bridge.marks).toEqual([
      { id, state: 'delivered' },
      { id, state: 'read' },
    ]);
  });

  it('tells the team in plain words, and of an AI', async () => {
    const { bridge, clock, take, say } = await mirrored();
    await say('m1', 'hello?');
    const told: BridgeEventInput = { id: 'evt_9', type: 'notice', sessionId: SESSION, text: 'Paid twice.' };
    await take(told);
    expect(await take(told)).toMatchObject({ duplicate: true });
    await take({ type: 'ai_takeover', sessionId: SESSION, reason: 'nobody answered' });
    await take({ type: 'ai_takeover', sessionId: SESSION, active: false });
    await take({ type: 'visitor_typing', sessionId: SESSION });
    await clock.advance(0);
    expect(bridge.shown().slice(2).join('')).toBe(
      'notice Paid twice.notice The AI answers from here on (nobody answered). It stops as soon as somebody of the team writes.notice The AI has stopped answering.',
    );
    expect(bridge.typed).toEqual(['t1']);
  });

  it('tells whoever wrote something, where they wrote it', async () => {
    const { bridge, clock, take, say, storage } = await mirrored();
    await say('m1', 'hello?');
    await clock.advance(0);
    const id = await bridge.type('Hi Mia');
    const answer = (await storage.messages(SESSION, { limit: 1 }))[0]?.id as string;
    const told: BridgeEventInput = {
      type: 'notice',
      sessionId: SESSION,
      text: 'Not delivered',
      replyTo: answer,
    };
    await take(told);
    await clock.advance(1000);
    expect(bridge.answers).toMatchObject([{ to: { platformId: id }, text: 'Not delivered' }]);
    // What the visitor wrote was written nowhere here.
    await take({ ...told, text: 'Paid twice.', replyTo: 'm1' } as BridgeEventInput);
    await clock.advance(1000);
    expect(bridge.shown().at(-1)).toContain('Paid twice.');
  });

  it('has no receipt for what is not there', async () => {
    const { take, say } = await mirrored();
    await say('m1', 'hello?');
    const read = (...messageIds: string[]) => take({ type: 'message_read', sessionId: SESSION, messageIds });
    await expect(read('unknown')).rejects.toMatchObject({ code: 'message_not_found' });
    await read('m1', 'unknown');
    await take({ type: 'visitor_message_deleted', sessionId: SESSION, message: { id: 'm1' } });
    await expect(read('m1')).rejects.toMatchObject({ code: 'message_not_found' });
  });

  it('calls nobody’s callbacks', async () => {
    const called: string[] = [];
    const { bridge, clock, take, say } = await mirrored({
      onSessionStart: () => void called.push('session'),
      onMessage: () => void called.push('message'),
      onEvent: () => void called.push('event'),
    });
    await say('m1', 'hello?');
    await take({ type: 'custom_event', sessionId: SESSION, event: { name: 'clicked' } });
    await clock.advance(0);
    await bridge.type('Hi!');
    await clock.advance(1000);
    expect(called).toEqual([]);
  });

  it('opens for nobody else: not for a browser, not for another backend', async () => {
    const { pp, take, say } = await mirrored();
    await say('m1', 'confidential');
    const guest = await visitor({ pp }, 'vis_77');
    expect(guest.sessionId).not.toBe(SESSION);
    await expect(
      pp.conversation.messages(guest.actor, { sessionId: SESSION, limit: 9 }),
    ).rejects.toMatchObject({
      code: 'session_not_found',
    });
    const other = { type: 'notice', origin: 'other', sessionId: SESSION, text: 'x' } as const;
    await expect(take(other)).rejects.toMatchObject({ code: 'session_not_found' });
    await expect(take({ ...other, origin: 'default', sessionId: guest.sessionId })).rejects.toMatchObject({
      code: 'session_not_found',
    });
    await expect(take({ ...begun, origin: 'other' } as BridgeEventInput)).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('is another one once its server has lost it', async () => {
    const { take, clock } = await mirrored();
    const { mirroredAt } = await take(begun);
    const known = new Date(mirroredAt as number).toISOString();
    const tell = (at: string) => take({ type: 'notice', sessionId: SESSION, text: 'x', mirroredAt: at });
    await tell(known);
    await clock.advance(1000);
    const later = new Date(clock.now()).toISOString();
    await expect(tell(later)).rejects.toMatchObject({ code: 'session_not_found' });
  });
});

describe('the files of a backend’s session', () => {
  const bytes = new TextEncoder().encode('Brass, 40 W');
  const query = { origin: 'default', sessionId: SESSION, attachmentId: 'att_own', name: '../lamp.txt' };
  const bring = ({ pp }: House, size = bytes.length, content = bytes) =>
    pp.mirror.bringFile({ ...query, size }, () => new Blob([content]).stream());

  it('come once, however often they are brought, and are on the platforms', async () => {
    const it = await mirrored({ files: new MemoryFileStore() });
    const first = await bring(it);
    expect(first).toMatchObject({ id: 'att_own', name: 'lamp.txt', mimeType: 'text/plain', size: 11 });
    const unread = () => {
      throw new Error('read again');
    };
    expect(await it.pp.mirror.bringFile({ ...query, size: 11 }, unread)).toEqual(first);
    await expect(it.pp.mirror.bringFile({ ...query, size: 12 }, unread)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('names a file of 11 bytes already'),
    });
    const message = { id: 'm1', attachmentIds: ['att_own'] };
    const send = () => it.take({ type: 'visitor_message', sessionId: SESSION, message });
    await send();
    expect(await send()).toMatchObject({ duplicate: true });
    await it.clock.advance(0);
    expect(it.bridge.posts.map(({ file }) => file && new TextDecoder().decode(file.bytes))).toEqual([
      undefined,
      'Brass, 40 W',
    ]);
    const other = { id: 'm2', attachmentIds: ['att_own'] };
    await expect(
      it.take({ type: 'visitor_message', sessionId: SESSION, message: other }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('go with the message that has them, and stay with one that is only changed', async () => {
    const it = await mirrored({ files: new MemoryFileStore() });
    const { id } = await bring(it);
    const message = { id: 'm1', content: 'Here', attachmentIds: [id] };
    await it.take({ type: 'visitor_message', sessionId: SESSION, message });
    const edited = { id: 'm1', content: 'Here it is' };
    await it.take({ type: 'visitor_message_edited', sessionId: SESSION, message: edited });
    await it.clock.advance(60_000);
    expect(await new Response(await it.pp.readAttachment(id)).text()).toBe('Brass, 40 W');
    await it.take({ type: 'visitor_message_deleted', sessionId: SESSION, message: { id: 'm1' } });
    await it.clock.advance(60_000);
    await expect(it.pp.readAttachment(id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('may come again after they were cut short', async () => {
    const it = await mirrored({ files: new MemoryFileStore() });
    await expect(bring(it, 11, bytes.slice(0, 4))).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await bring(it)).toMatchObject({ size: 11 });
  });

  it('of the team are to be had once they have come', async () => {
    const it = await mirrored({ files: new MemoryFileStore() });
    await it.say('m1', 'hello?');
    await it.clock.advance(0);
    it.bridge.sent.set('photo', bytes);
    it.bridge.fail('fetch', { code: 'unavailable' } as never);
    await it.bridge.type('look', { files: [{ ref: 'photo', name: 'lamp.txt' }] });
    const [message] = await it.storage.messages(SESSION, { limit: 1 });
    const attachmentId = message?.attachments?.[0]?.id as string;
    const file = { origin: 'default', messageId: message?.id as string, attachmentId };
    await expect(it.pp.mirror.openFile(file)).rejects.toMatchObject({ code: 'unavailable' });
    await it.clock.advance(60_000);
    const open = await it.pp.mirror.openFile(file);
    expect(await new Response(await open.bytes()).text()).toBe('Brass, 40 W');
    await expect(it.pp.mirror.openFile({ ...file, origin: 'other' })).rejects.toMatchObject({
      code: 'session_not_found',
    });
    await expect(it.pp.mirror.openFile({ ...file, messageId: 'm1' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('what the team does in a backend’s sessions', () => {
  const underWay = async () => {
    const it = await mirrored();
    await it.say('m1', 'hello?');
    await it.clock.advance(0);
    return it;
  };

  it('is told in order, while it happens and from any position on', async () => {
    const { pp, clock, bridge, say } = await underWay();
    const live = listening(pp);
    await clock.advance(0);
    const id = await bridge.type('one');
    await bridge.type('two');
    await bridge.edit(id, 'One', { version: 2 });
    await bridge.command('note', { args: 'between us' });
    await bridge.command('block');
    await bridge.command('unblock');
    await bridge.command('close');
    await clock.advance(0);
    const all = [
      'message: One',
      'message: two',
      'message_edited: One',
      'message: between us',
      'visitor_blocked: ',
      'visitor_unblocked: ',
      'session_closed: ',
    ];
    expect(live.doings).toEqual(['message: one', ...all.slice(1)]);
    const entries = live.told.filter((news) => news.kind === 'entry');
    for (const [index, news] of entries.entries()) {
      const later = listening(pp, { after: news.entry.event.position });
      await clock.advance(0);
      expect(later.doings).toEqual(all.slice(index + 1));
      expect(later.told.at(-1)).toMatchObject({ kind: 'upTo' });
      await later.end(clock);
    }
    await say('m2', 'and nothing of this');
    await clock.advance(0);
    expect(live.doings).toHaveLength(all.length);
    await live.end(clock);
  });

  it('is not what the backend itself has told, nor what happens in other sessions', async () => {
    const { pp, clock, bridge, take } = await underWay();
    const live = listening(pp, { after: 0 });
    const message = { content: 'from our desk', senderName: 'Bo' };
    await take({ type: 'operator_message', sessionId: SESSION, message });
    await take({ type: 'session_closed', sessionId: SESSION });
    const guest = await visitor({ pp });
    await guest.say('a visitor of the server’s own');
    await clock.advance(0);
    await bridge.type('to them');
    await clock.advance(0);
    expect(live.doings).toEqual([]);
    await live.end(clock);
  });

  it('keeps nobody out by itself, for others may have said otherwise on the backend’s side', async () => {
    const { pp, clock, bridge } = await underWay();
    const live = listening(pp);
    await bridge.command('unblock');
    await bridge.command('block');
    await bridge.command('block');
    await bridge.type('sorry');
    await clock.advance(0);
    expect(live.doings).toEqual([
      'visitor_unblocked: ',
      'visitor_blocked: ',
      'visitor_blocked: ',
      'message: sorry',
    ]);
    await live.end(clock);
  });

  it('is told from a time on, and perhaps a little before', async () => {
    const { pp, clock, bridge } = await underWay();
    const since: number[] = [];
    for (let n = 0; n < 20; n++) {
      since.push(clock.now());
      await bridge.type(`answer ${n}`);
      await clock.advance(10 * 60_000);
    }
    for (const [n, instant] of since.entries()) {
      const told = listening(pp, { since: instant });
      await clock.advance(0);
      expect(told.doings[0]).toBe(`message: answer ${n}`);
      expect(told.doings).toHaveLength(20 - n);
      await told.end(clock);
    }
    const ahead = listening(pp, { since: clock.now() + 60 * 60_000 });
    await clock.advance(0);
    expect(ahead.doings).toEqual([]);
    await ahead.end(clock);
  });

  it('begins now for whoever has read further than the log of a server goes that has lost its data', async () => {
    const { pp, clock, bridge } = await underWay();
    const live = listening(pp, { after: 1_000_000 });
    await clock.advance(0);
    expect(live.position).toBeLessThan(1_000_000);
    await bridge.type('heard');
    await clock.advance(0);
    expect(live.doings).toEqual(['message: heard']);
    await live.end(clock);
  });

  it('reaches a reader on another node, though the broker loses everything', async () => {
    const clock = virtualClock();
    for (const broker of [new LocalBroker({ logger: recordingLogger() }), undefined]) {
      const storage = new MemoryStorage({ clock });
      const bridge = new FakeBridge();
      const a = house({ clock, storage, bridge, ...(broker && { broker }) });
      await a.pp.start();
      const b = house({ clock, storage, ...(broker && { broker }) });
      const id = broker ? 'sess_a' : 'sess_b';
      await a.pp.mirror.take(event({ type: 'new_session', session: { id, visitorId: 'v' } }));
      await a.pp.mirror.take(event({ type: 'visitor_message', sessionId: id, message: { content: 'hi' } }));
      await clock.advance(0);
      const reader = listening(b.pp);
      await clock.advance(0);
      await bridge.type('from node a');
      await clock.advance(broker ? 0 : 1000);
      expect(reader.doings).toEqual(['message: from node a']);
      await reader.end(clock);
      const stopped = a.pp.stop();
      await clock.advance(0);
      await stopped;
    }
  });

  it('shows who types, and who has said whether they are there', async () => {
    const { pp, clock, bridge, take } = await underWay();
    const live = listening(pp);
    await clock.advance(0);
    bridge.live.typing({ chatId: 'chat', threadId: 't1' }, { id: 'ada', name: 'Ada' });
    await bridge.command('online');
    await take({ type: 'operator_status', online: true, operator: { id: '7', name: 'Bo' } });
    await clock.advance(0);
    await bridge.command('offline');
    await clock.advance(0);
    const statuses = live.told.flatMap((news) => (news.kind === 'operators' ? [news.operators] : []));
    const mirroredAt = expect.any(Number);
    expect(live.told).toContainEqual({
      kind: 'typing',
      typing: { sessionId: SESSION, name: 'Ada' },
      mirroredAt,
    });
    const ada = { id: 'ada', name: 'Ada', via: 'fake' };
    expect(statuses[0]).toEqual([]);
    expect(statuses).toContainEqual([{ ...ada, online: true, version: 1 }]);
    expect(statuses.at(-1)).toEqual([{ ...ada, online: false, version: 2 }]);
    // Whoever comes later is told at once.
    const later = listening(pp);
    await clock.advance(0);
    expect(later.told[0]).toEqual({ kind: 'operators', operators: statuses.at(-1) });
    await later.end(clock);
    await live.end(clock);
  });
});
