import type { Note, Part } from '@pocketping/core';
import { bridgeEvent } from '@pocketping/protocol';
import { streamOf } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { at, call, card, grace, note, postCall, THREAD } from './samples.js';
import { MIRRORED_AT, refused, scripted, taken } from './scripted.js';

const COPY = { sessionId: 'sess_1', mirroredAt: MIRRORED_AT, origin: 'default' };

/** Renders a note and posts every part of it. */
const posted = async (scene: ReturnType<typeof scripted>, shown: Note, change = {}) => {
  const refs = [];
  for (const part of scene.bridge.render(shown))
    refs.push(await scene.bridge.post(THREAD, part, postCall(change)));
  // Nothing is told that the wire does not hold.
  for (const event of scene.events) expect(bridgeEvent.safeParse(event).error).toBeUndefined();
  return refs;
};

describe('what the server is told', () => {
  it('is a session with all that is known of it, as far as the wire holds it', async () => {
    const scene = scripted({ origin: 'shop' });
    const identity = {
      name: 'A\0da\ud800',
      email: 'e'.repeat(300),
      id: '',
      verified: true,
      metadata: { plan: 'p'.repeat(2000), seats: 7, '': 'x' },
    };
    const thread = await scene.bridge.open(card({ identity }), call());
    expect(thread).toEqual({ chatId: 'shop', threadId: `sess_1/${MIRRORED_AT}` });
    const told = bridgeEvent.parse(scene.events[0]);
    expect(told).toMatchObject({
      type: 'new_session',
      origin: 'shop',
      session: {
        id: 'sess_1',
        visitorId: 'vis_1',
        metadata: { url: 'https://shop.example/pricing' },
        identity: { name: 'A\ufffdda\ufffd', verified: true, metadata: { seats: 7 } },
      },
    });
    expect(scene.asked[0]?.headers.get('authorization')).toBe('Bearer secret');
  });

  it('is who says something, where, and to whom', async () => {
    const scene = scripted();
    await posted(scene, note('hello'), { replyTo: at('visitor-7') });
    await posted(scene, note('from an app', { author: grace }));
    await posted(scene, note('between us', { author: grace, audience: 'team' }));
    await posted(scene, note('from the site', { author: { kind: 'apiKey', id: 'k', name: 'Shop' } }));
    await posted(scene, note('I am one', { author: { kind: 'ai', id: 'ai' } }));
    expect(scene.events).toMatchObject([
      { ...COPY, type: 'visitor_message', message: { content: 'hello', replyTo: 'visitor-7' } },
      {
        ...COPY,
        type: 'operator_message',
        message: { content: 'from an app', sender: 'operator', senderName: 'Grace via telegram' },
      },
      { type: 'operator_message', message: { content: 'between us', isNote: true } },
      { type: 'operator_message', message: { sender: 'operator', senderName: 'Shop' } },
      { type: 'operator_message', message: { sender: 'ai', senderName: 'AI' } },
    ]);
    expect(scene.events.map(({ message }) => (message as { isNote?: true }).isNote)).toEqual([
      undefined,
      undefined,
      true,
      undefined,
      undefined,
    ]);
  });

  it('is one message after the other, also where several are waiting', async () => {
    const scene = scripted();
    const parts = scene.bridge.render({
      kind: 'messages',
      messages: [note('one'), note('two', { author: grace })],
    });
    expect(parts.map(({ plain }) => plain)).toEqual(['one', '💬 Grace via telegram\ntwo']);
  });

  it('is the same for the same nonce, and another for another', async () => {
    const scene = scripted();
    const [first] = await posted(scene, note('hello'));
    const [again] = await posted(scene, note('hello'));
    const [other] = await posted(scene, note('hello'), { nonce: 'nonce 2' });
    expect(first?.platformId).toMatch(/^visitor-[0-9a-f]{40}$/);
    expect(again).toEqual(first);
    expect(other?.platformId).not.toBe(first?.platformId);
    expect(scene.events.map(({ id, message }) => [id, (message as { id: string }).id])).toEqual(
      [first, again, other].map((ref) => [ref?.platformId, ref?.platformId]),
    );
  });

  it('is what a message says now, where an earlier attempt said something else', async () => {
    const scene = scripted();
    scene.answer(() => taken({ duplicate: true }));
    const [ref] = await posted(scene, note('hello again'), { repeated: true });
    expect(scene.events).toMatchObject([
      { type: 'visitor_message' },
      {
        ...COPY,
        type: 'visitor_message_edited',
        message: { id: ref?.platformId, content: 'hello again' },
      },
    ]);
  });

  it('is what a message says now, also where the server sees that it was told of another text', async () => {
    const scene = scripted();
    scene.answer(() => refused(409, 'conflict'));
    await posted(scene, note('hello again'), { repeated: true });
    expect(scene.events.map(({ type }) => type)).toEqual(['visitor_message', 'visitor_message_edited']);
  });

  it('is no deletion of what was deleted already', async () => {
    const { bridge, answer } = scripted();
    answer(() => taken({ duplicate: true }));
    await expect(bridge.editing.remove(at('visitor-1'), call())).rejects.toMatchObject({
      code: 'message_gone',
    });
  });

  it('is what was changed, deleted, read, and typed', async () => {
    const scene = scripted();
    const { bridge } = scene;
    const [part] = bridge.render(note('hello!'));
    await bridge.editing.edit(at('visitor-1'), part as Part, { ...call(), plain: false });
    await bridge.editing.edit(at('team-1'), part as Part, { ...call(), plain: false });
    await bridge.editing.remove(at('visitor-1'), call());
    await bridge.editing.remove(at('msg_1'), call());
    await bridge.receipts.mark(at('msg_1'), 'read', call());
    await bridge.typing.show(THREAD, call());
    await bridge.closing.close(THREAD, call());
    await bridge.closing.reopen(THREAD, call());
    await bridge.titles.rename(THREAD, card({ identity: { name: 'Ada', verified: false } }), call());
    await bridge.titles.rename(THREAD, card(), call());
    await bridge.answer(at('msg_1'), 'Not delivered', call());
    for (const event of scene.events) expect(bridgeEvent.safeParse(event).error).toBeUndefined();
    expect(scene.events).toMatchObject(
      [
        { type: 'visitor_message_edited', message: { id: 'visitor-1', content: 'hello!' } },
        { type: 'operator_message_edited', message: { id: 'team-1', content: 'hello!' } },
        { type: 'visitor_message_deleted', message: { id: 'visitor-1' } },
        { type: 'operator_message_deleted', message: { id: 'msg_1' } },
        { type: 'message_read', messageIds: ['msg_1'], status: 'read' },
        { type: 'visitor_typing' },
        { type: 'session_closed' },
        { type: 'session_reopened' },
        { type: 'identity_update', identity: { name: 'Ada', verified: false } },
        { type: 'notice', text: 'Not delivered', replyTo: 'msg_1' },
      ].map((event) => ({ ...COPY, ...event })),
    );
    // Each may happen again, and is then no repetition.
    for (const event of scene.events) expect(event.id).toBeUndefined();
  });

  it('is what people should know, and that the visitor has gone', async () => {
    const scene = scripted();
    await posted(scene, { kind: 'notice', text: 'Something <went> wrong' });
    await posted(scene, { kind: 'recap', messages: [note('one'), { author: grace, content: 'two' }] });
    await posted(scene, { kind: 'departure' });
    expect(scene.events).toMatchObject([
      { ...COPY, type: 'notice', text: 'Something <went> wrong' },
      { type: 'notice', text: '📜 What was said before\n👤 Visitor: one\n💬 Grace via telegram: two' },
      { type: 'session_ended' },
    ]);
    for (const { id } of scene.events) expect(id).toMatch(/^event-/);
  });

  it('is what happened on the page; what is too much for an event, and several at once, in words', async () => {
    const scene = scripted();
    const event = {
      kind: 'event',
      name: 'clicked',
      data: { plan: 'pro' },
      sessionId: 'sess_1',
      at: 0,
    } as const;
    await posted(scene, event);
    await posted(scene, { ...event, count: 12 });
    await posted(scene, { ...event, name: 'x'.repeat(1000) });
    expect(scene.events).toMatchObject([
      { ...COPY, type: 'custom_event', event: { name: 'clicked', data: { plan: 'pro' } } },
      { type: 'notice', text: '⚡ clicked ×12\n{\n  "plan": "pro"\n}\n🆔 sess_1' },
      { type: 'notice', text: expect.stringMatching(/^⚡ x+…/) },
    ]);
  });

  it('is nothing of what the server itself shows of a session', () => {
    const { bridge } = scripted();
    const notes: Note[] = [
      { kind: 'card', card: card() },
      { kind: 'identity', card: card() },
      { kind: 'closed', by: grace },
      { kind: 'reopened', by: grace },
    ];
    expect(notes.flatMap((each) => bridge.render(each))).toEqual([]);
  });

  it('quotes what the server does not know, and says whether that is private', () => {
    const { bridge } = scripted();
    const replyTo = { author: grace, content: 'Is it\nthis?', audience: 'team', native: false } as const;
    const [part] = bridge.render(note('yes', { replyTo }));
    expect(part?.plain).toBe('> 📝 Private note by Grace via telegram: Is it this?\nyes');
    expect(bridge.render(note('yes', { replyTo: { ...replyTo, native: true } }))[0]?.plain).toBe('yes');
  });

  it('is nothing of a thread that another origin had', async () => {
    const scene = scripted({ origin: 'shop' });
    await expect(scene.bridge.typing.show(THREAD, call())).rejects.toMatchObject({ code: 'thread_gone' });
    expect(scene.asked).toEqual([]);
  });
});

describe('files', () => {
  const file = {
    id: 'att_1',
    name: 'März.pdf',
    mimeType: 'application/pdf',
    size: 3,
    status: 'ready',
  } as const;
  const bytes = new Uint8Array([1, 2, 3]);
  const open = async () => streamOf(bytes);

  it('are brought first, then named by a message, and the words follow', async () => {
    const scene = scripted();
    scene.answer(() => Response.json({ attachment: file }));
    await posted(scene, note('see', { attachments: [file] }), { open });
    const [put, ...events] = scene.asked;
    expect(put?.method).toBe('PUT');
    expect([...(put?.bytes ?? [])]).toEqual([1, 2, 3]);
    const url = new URL(put?.path ?? '', 'https://chat.example');
    const id = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      sessionId: 'sess_1',
      origin: 'default',
      name: 'März.pdf',
      size: '3',
    });
    expect(events.map(({ event }) => event)).toMatchObject([
      { type: 'visitor_message', message: { content: '', attachmentIds: [id] } },
      { type: 'visitor_message', message: { content: 'see' } },
    ]);
  });

  it('that the server refuses are told of in words, once it is clear that nothing else helps', async () => {
    const scene = scripted();
    const attachments = [{ ...file, link: 'https://shop.example/files/1' }];
    scene.answer(() => refused(413, 'payload_too_large'));
    await expect(posted(scene, note('', { attachments }), { open })).rejects.toMatchObject({
      code: 'invalid',
    });
    scene.answer(() => refused(413, 'payload_too_large'));
    await posted(scene, note('', { attachments }), { open, plain: true });
    expect(scene.events).toMatchObject([
      { message: { content: '📎 März.pdf · 3 bytes · https://shop.example/files/1' } },
    ]);
  });

  it('that a server without a place for files refuses are told of in words, too', async () => {
    const scene = scripted();
    const noFiles = () => refused(404, 'not_found');
    scene.answer(noFiles, noFiles);
    const attempt = (plain: boolean) => posted(scene, note('', { attachments: [file] }), { open, plain });
    await expect(attempt(false)).rejects.toMatchObject({ code: 'invalid' });
    await attempt(true);
    expect(scene.events).toMatchObject([{ message: { content: '📎 März.pdf · 3 bytes' } }]);
  });

  it('that cannot be read to their end say why, and nothing is told of them', async () => {
    const scene = scripted();
    const reason = new Error('The disk is gone');
    const broken = async () => streamOf(new Uint8Array(99), reason, 10);
    await expect(posted(scene, note('', { attachments: [file] }), { open: broken })).rejects.toBe(reason);
    expect(scene.events).toEqual([]);
  });

  it('of the team are fetched from the server and nowhere else, and what it leads on to gets no key', async () => {
    const scene = scripted();
    const { bridge, answer, asked } = scene;
    const location = 'https://bucket.example/1?signature=x';
    answer(
      () => new Response(bytes),
      () => new Response(null, { status: 307, headers: { location } }),
      () => new Response(bytes),
      () => refused(404, 'not_found'),
      () => refused(503, 'unavailable'),
    );
    const fetched = async (ref: string) => {
      const stream = (await bridge.files.fetch(ref, call())) as ReadableStream<Uint8Array<ArrayBuffer>>;
      return [...new Uint8Array(await new Response(stream).arrayBuffer())];
    };
    expect(await fetched('/api/attachments/1')).toEqual([1, 2, 3]);
    expect(await fetched('/api/attachments/2')).toEqual([1, 2, 3]);
    await expect(fetched('/api/attachments/3')).rejects.toMatchObject({ code: 'message_gone' });
    // It is on its way from the messaging app.
    await expect(fetched('/api/attachments/4')).rejects.toMatchObject({ code: 'unavailable' });
    for (const ref of [
      'https://evil.example/x',
      '@evil.example/x',
      '//evil.example/x',
      '/\\evil.example',
      '.evil.example',
    ]) {
      await expect(fetched(ref)).rejects.toMatchObject({ code: 'invalid' });
    }
    expect(asked.map(({ address, headers }) => [address, headers.get('authorization')])).toEqual([
      ['https://chat.example/api/attachments/1', 'Bearer secret'],
      ['https://chat.example/api/attachments/2', 'Bearer secret'],
      [location, null],
      ['https://chat.example/api/attachments/3', 'Bearer secret'],
      ['https://chat.example/api/attachments/4', 'Bearer secret'],
    ]);
  });
});
