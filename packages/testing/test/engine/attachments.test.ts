import { type FileStore, MemoryFileStore, PocketPingError, type PocketPingOptions } from '@pocketping/core';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { begin, refusal, visitor } from './house.js';

const PNG = new Uint8Array([
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1,
  8, 2, 0, 0, 0,
]);
const utf8 = new TextEncoder();
const DAY_MS = 24 * 60 * 60_000;

const streamOf = (...chunks: Uint8Array[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

/** A visitor who can bring files. */
const withFiles = async (options: PocketPingOptions = {}) => {
  const store = new MemoryFileStore();
  const its = await begin(new FakeBridge(), { files: store, ...options });
  const { pp, actor, sessionId, clock } = its;
  const announce = (name: string, size: number) => pp.conversation.announce(actor, { sessionId, name, size });
  const put = (id: string, ...chunks: Uint8Array[]) =>
    pp.conversation.takeBytes(actor, id, () => streamOf(...chunks));
  const complete = (attachmentId: string) =>
    pp.conversation.completeUpload(actor, { sessionId, attachmentId });
  const bring = async (name: string, bytes: Uint8Array) => {
    const { attachmentId } = await announce(name, bytes.length);
    await put(attachmentId, bytes);
    return complete(attachmentId);
  };
  const send = (content: string, attachmentIds: string[], clientMessageId?: string) =>
    pp.conversation.send(actor, {
      sessionId,
      content,
      attachmentIds,
      ...(clientMessageId !== undefined && { clientMessageId }),
    });
  const read = async (id: string) =>
    new Uint8Array(await new Response(await pp.readAttachment(id)).arrayBuffer());
  const settle = () => clock.advance(1000);
  return { ...its, store, announce, put, complete, bring, send, read, settle };
};

describe('a file of the visitor’s', () => {
  it('stands on the platform before the words that came with it', async () => {
    const { bring, send, settle, bridge, read } = await withFiles();
    const { id, mimeType, name, size } = await bring('C:\\fakepath\\shot.png', PNG);
    expect({ mimeType, name, size }).toEqual({ mimeType: 'image/png', name: 'shot.png', size: PNG.length });
    const message = await send('Look!', [id]);
    expect(message.attachments).toMatchObject([{ id, status: 'ready' }]);
    await settle();
    expect(bridge.posts.slice(-2).map(({ text, file }) => [text, file?.name])).toEqual([
      ['<shot.png>', 'shot.png'],
      [expect.stringContaining('Look!'), undefined],
    ]);
    expect(bridge.posts.at(-2)?.file?.bytes).toEqual(PNG);
    expect(await read(id)).toEqual(PNG);
  });

  it('needs no words', async () => {
    const { bring, send, settle, bridge, pp, sessionId } = await withFiles();
    const { id } = await bring('a.png', PNG);
    await send('', [id]);
    await settle();
    expect(bridge.posts.at(-1)?.file?.name).toBe('a.png');
    expect((await pp.getMessages(sessionId))[0]?.attachments).toEqual([
      { id, name: 'a.png', mimeType: 'image/png', size: PNG.length, status: 'ready' },
    ]);
  });

  it('belongs to one message, which may be sent twice', async () => {
    const { bring, send } = await withFiles();
    const { id } = await bring('a.png', PNG);
    const first = await send('', [id], 'c1');
    expect((await send('', [id], 'c1')).id).toBe(first.id);
    await expect(send('', [id], 'c2')).rejects.toMatchObject({ code: 'not_found' });
    const other = await bring('b.png', PNG);
    await expect(send('', [other.id], 'c1')).rejects.toMatchObject({ code: 'conflict' });
    expect((await send('', [other.id], 'c3')).attachments).toHaveLength(1);
  });

  it('is taken by none of two messages if one of several files is not to be had', async () => {
    const { bring, announce, send, pp, sessionId } = await withFiles();
    const { id } = await bring('a.png', PNG);
    const { attachmentId } = await announce('b.png', 9);
    await expect(send('both', [id, attachmentId])).rejects.toMatchObject({ code: 'not_found' });
    expect(await pp.getMessages(sessionId)).toEqual([]);
    expect((await send('one', [id])).attachments).toHaveLength(1);
  });

  it('is nobody else’s to bring, to complete or to send', async () => {
    const its = await withFiles();
    const { pp, announce, bring } = its;
    const other = await visitor(its, 'vis_two');
    const { attachmentId } = await announce('a.png', PNG.length);
    const put = pp.conversation.takeBytes(other.actor, attachmentId, () => streamOf(PNG));
    await expect(put).rejects.toMatchObject({ code: 'not_found' });
    const request = { sessionId: other.sessionId, attachmentId };
    const completed = pp.conversation.completeUpload(other.actor, request);
    await expect(completed).rejects.toMatchObject({ code: 'not_found' });
    const { id } = await bring('b.png', PNG);
    const sent = pp.conversation.send(other.actor, {
      sessionId: other.sessionId,
      content: 'mine now',
      attachmentIds: [id],
    });
    await expect(sent).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([
    ['more bytes than were announced', [PNG, new Uint8Array(1)], 'payload_too_large'],
    ['fewer', [PNG.slice(0, 20)], 'validation_failed'],
    ['none', [], 'unsupported_media_type'],
    [
      'a program',
      [Object.assign(new Uint8Array(PNG.length), utf8.encode('MZ\x90\0'))],
      'unsupported_media_type',
    ],
  ])('of %s is refused, and nothing is left of it', async (_, chunks, code) => {
    const { announce, put, complete, store } = await withFiles();
    const { attachmentId } = await announce('a.png', PNG.length);
    const outcome = chunks.length === 0 ? 'validation_failed' : code;
    await expect(put(attachmentId, ...chunks)).rejects.toMatchObject({ code: outcome });
    expect(store.ids).toEqual([]);
    await expect(complete(attachmentId)).rejects.toMatchObject({ code: 'conflict' });
    await put(attachmentId, PNG);
    expect(await complete(attachmentId)).toMatchObject({ mimeType: 'image/png' });
    await expect(put(attachmentId, PNG)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is what its bytes are: of two that come at the same time, the one that was looked at', async () => {
    const { announce, pp, actor, complete, read, store } = await withFiles();
    const text = utf8.encode('<script>alert(1)</script>....');
    expect(text.length).toBe(PNG.length);
    const { attachmentId } = await announce('a.png', PNG.length);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(text.slice(0, 9));
        await held;
        controller.enqueue(text.slice(9));
        controller.close();
      },
    });
    const late = pp.conversation.takeBytes(actor, attachmentId, () => slow);
    await pp.conversation.takeBytes(actor, attachmentId, () => streamOf(PNG));
    release();
    await expect(late).rejects.toMatchObject({ code: 'conflict' });
    expect((await complete(attachmentId)).mimeType).toBe('image/png');
    expect(await read(attachmentId)).toEqual(PNG);
    expect(store.ids).toHaveLength(1);
  });

  it('is too large beyond the limit, to the byte', async () => {
    const { announce } = await withFiles({ uploads: { maxBytes: 100 } });
    await expect(announce('a', 101)).rejects.toMatchObject({
      code: 'payload_too_large',
      details: { maxBytes: 100 },
    });
    expect(await announce('a', 100)).toMatchObject({ attachmentId: expect.stringMatching(/^att_/) });
  });

  it('counts, used or not, until a day is over', async () => {
    const { announce, clock } = await withFiles({ uploads: { perVisitor: { files: 2, bytes: 100 } } });
    await announce('a', 60);
    await expect(announce('b', 41)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: DAY_MS });
    await announce('b', 40);
    await expect(announce('c', 1)).rejects.toMatchObject({ code: 'rate_limited' });
    await clock.advance(DAY_MS);
    await announce('c', 100);
  });

  it('that no message takes is removed after a day; one that a message has stays until that is deleted', async () => {
    const { bring, send, store, clock, pp, actor, sessionId, settle } = await withFiles();
    await bring('unused.png', PNG);
    const { id } = await bring('used.png', PNG);
    const message = await send('', [id]);
    await settle();
    expect(store.ids).toHaveLength(2);
    await clock.advance(DAY_MS + 10_000);
    expect(store.ids).toHaveLength(1);
    await pp.conversation.remove(actor, { sessionId, messageId: message.id });
    await clock.advance(10_000);
    expect(store.ids).toEqual([]);
    await expect(pp.readAttachment(id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('has a link for a week, and a key for as long as it is there', async () => {
    const { bring, send, pp, clock, bridge, settle } = await withFiles({
      publicUrl: 'https://shop.example/pp/',
    });
    const { id, key } = await bring('a.png', PNG);
    await send('', [id]);
    const links: (string | undefined)[] = [];
    const { render } = bridge;
    bridge.render = (note) => {
      if (note.kind === 'message') links.push(note.attachments?.[0]?.link);
      return render.call(bridge, note);
    };
    await settle();
    const link = new URL(links.at(-1) ?? '');
    expect(link.origin + link.pathname).toBe(`https://shop.example/pp/files/${id}`);
    const expires = Number(link.searchParams.get('expires'));
    const signature = link.searchParams.get('signature') ?? '';
    const open = (proof: object) => pp.conversation.openFile(id, proof);
    expect((await open({ expires, signature })).name).toBe('a.png');
    expect((await open({ key })).size).toBe(PNG.length);
    for (const wrong of [
      {},
      { key: `${key}x` },
      { key: '' },
      { expires: expires + 1, signature },
      { expires },
    ])
      await expect(open(wrong)).rejects.toMatchObject({ code: 'not_found' });
    const later = clock.now() + 7 * DAY_MS;
    vi.spyOn(clock, 'now').mockReturnValue(later);
    await expect(open({ expires, signature })).rejects.toMatchObject({ code: 'not_found' });
    expect((await open({ key })).size).toBe(PNG.length);
    vi.restoreAllMocks();
  });

  it('that is lost from the store holds up nothing: its message is a dead letter', async () => {
    const { bring, send, say, store, clock, bridge, pp } = await withFiles();
    const { id } = await bring('a.png', PNG);
    await send('Look!', [id]);
    for (const file of store.ids) await store.remove(file);
    await say('Anybody there?');
    await clock.advance(10_000);
    expect(bridge.shown().join()).toContain('Anybody there?');
    expect(await pp.listDeadLetters()).toMatchObject([
      { error: expect.stringContaining('a.png is no longer in the store of files.') },
    ]);
  });

  it('of a message that is deleted while it is posted is nobody’s trouble', async () => {
    const { bring, send, say, store, clock, bridge, pp, actor, sessionId, logger } = await withFiles();
    const { id } = await bring('a.png', PNG);
    const message = await send('Look!', [id]);
    vi.spyOn(store, 'open').mockImplementation(async () => {
      await pp.conversation.remove(actor, { sessionId, messageId: message.id });
      throw new PocketPingError('not_found', 'it is gone');
    });
    await say('Anybody there?');
    await clock.advance(10_000);
    expect(await pp.listDeadLetters()).toEqual([]);
    expect(bridge.shown().join()).not.toContain('Look!');
    expect(bridge.shown().join()).toContain('Anybody there?');
    expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('waits for a store that does not answer', async () => {
    const { bring, send, store, clock, bridge } = await withFiles();
    const { id } = await bring('a.png', PNG);
    vi.spyOn(store, 'open').mockRejectedValueOnce(new Error('no route to the store'));
    await send('', [id]);
    await clock.advance(10_000);
    expect(bridge.posts.at(-1)?.file?.name).toBe('a.png');
  });

  it('is not taken where there is no place for it', async () => {
    const { pp, actor, sessionId } = await begin();
    const announced = pp.conversation.announce(actor, { sessionId, name: 'a', size: 1 });
    await expect(announced).rejects.toMatchObject({
      code: 'not_found',
      message: 'This site takes no files.',
    });
  });

  it('is not shown as edited when the words change', async () => {
    const { bring, send, settle, bridge, pp, actor, sessionId } = await withFiles();
    const { id } = await bring('a.png', PNG);
    const message = await send('first', [id]);
    await settle();
    await pp.conversation.edit(actor, { sessionId, messageId: message.id, content: 'second' });
    await settle();
    expect(bridge.shown().slice(-2)).toEqual(['a.png', expect.stringContaining('second')]);
    expect(bridge.log.filter((call) => call === 'edit')).toHaveLength(1);
    await pp.conversation.remove(actor, { sessionId, messageId: message.id });
    await settle();
    expect(bridge.posts.filter(({ file }) => file)).toEqual([]);
  });
});

describe('a file that a client brings to the store itself', () => {
  /** A store with addresses, to which a client may bring what it likes. `copies`: it copies files by itself. */
  const withAddresses = async ({ copies = false } = {}) => {
    const store = new MemoryFileStore();
    const copy = async (from: string, to: string) => store.write(to, await store.open(from));
    const direct: NonNullable<FileStore['direct']> = {
      upload: async (id, { size }) => ({
        url: `https://store.example/${id}`,
        method: 'PUT',
        headers: { 'content-length': `${size}` },
      }),
      url: async (id, { contentType }) => `https://store.example/${id}?as=${contentType}`,
      ...(copies && { copy }),
    };
    const its = await withFiles({ files: Object.assign(store, { direct }) });
    const announced = await its.announce('a.png', PNG.length);
    const { attachmentId: id } = announced;
    return { ...its, store, announced, id, arrives: (bytes: Uint8Array) => store.write(id, streamOf(bytes)) };
  };

  const ways = [
    ['the engine copies it', {}],
    ['the store does', { copies: true }],
  ] as const;

  it.each(ways)('is complete when it is there, and stays what it was then, where %s', async (_, way) => {
    const { announced, id, complete, arrives, send, read, clock, store, pp } = await withAddresses(way);
    expect(announced.direct).toMatchObject({ url: `https://store.example/${id}`, method: 'PUT' });
    await expect(complete(id)).rejects.toMatchObject({ code: 'conflict' });
    await arrives(PNG);
    const { key } = await complete(id);
    await arrives(utf8.encode('<script>alert(1)</script>....'));
    await send('', [id]);
    expect(await read(id)).toEqual(PNG);
    const { url } = await pp.conversation.openFile(id, { key });
    const address = await url?.({ contentType: 'image/png', contentDisposition: 'inline' });
    expect(address).toMatch(/^https:\/\/store\.example\/att_\w+\?as=image\/png$/);
    expect(address).not.toContain(id);
    await clock.advance(20 * 60_000);
    expect(store.ids).toHaveLength(1);
    expect(store.ids).not.toContain(id);
  });

  it.each(ways)('is the same for two who say so at the same time, where %s', async (_, way) => {
    const { id, complete, arrives, clock, store } = await withAddresses(way);
    await arrives(PNG);
    const [first, second] = await Promise.all([complete(id), complete(id)]);
    expect(first).toEqual(second);
    await clock.advance(20 * 60_000);
    expect(store.ids).toEqual([first.file]);
  });

  it.each(ways)('is refused where it is another one than was announced, where %s', async (_, way) => {
    const { id, complete, arrives, store } = await withAddresses(way);
    await arrives(PNG.slice(1));
    await expect(complete(id)).rejects.toMatchObject({ code: 'validation_failed' });
    await arrives(Object.assign(new Uint8Array(PNG.length), utf8.encode('MZ\x90\0')));
    await expect(complete(id)).rejects.toMatchObject({ code: 'unsupported_media_type' });
    expect(store.ids).toEqual([id]);
  });

  it('is judged by the bytes that stay, whatever comes to the first place while it is copied', async () => {
    const { id, complete, arrives, store, read } = await withAddresses({ copies: true });
    await arrives(PNG);
    const { copy } = (store as FileStore).direct ?? {};
    const direct = {
      ...(store as FileStore).direct,
      copy: async (from: string, to: string) => {
        await arrives(Object.assign(new Uint8Array(PNG.length), utf8.encode('MZ\x90\0')));
        await copy?.(from, to);
        await arrives(PNG);
      },
    };
    Object.assign(store, { direct });
    await expect(complete(id)).rejects.toMatchObject({ code: 'unsupported_media_type' });
    Object.assign(direct, { copy });
    await complete(id);
    expect(await read(id)).toEqual(PNG);
  });
});

describe('a file of the team’s', () => {
  /** A conversation on two bridges, and a photo that somebody sends on the first. */
  const withPhoto = async (options: PocketPingOptions = {}) => {
    const other = new FakeBridge('other');
    const its = await withFiles(options);
    its.pp.addBridge(other);
    await its.say('hello?');
    await its.settle();
    its.bridge.sent.set('photo-1', PNG);
    const files = [{ ref: 'photo-1', mimeType: 'image/jpeg', size: 29 }];
    const messages = async () => (await its.pp.getMessages(its.sessionId)).slice(1);
    return { ...its, other, files, messages };
  };

  it('is announced at once, and there when it has come', async () => {
    const { bridge, files, messages, settle, other, read } = await withPhoto();
    bridge.fail('fetch', refusal('unavailable'));
    await bridge.type('See here', { files });
    await settle();
    expect(await messages()).toMatchObject([
      {
        content: 'See here',
        attachments: [{ name: 'file.jpg', mimeType: 'image/jpeg', size: 29, status: 'fetching' }],
      },
    ]);
    await settle();
    await settle();
    const [message] = await messages();
    const [attachment] = message?.attachments ?? [];
    expect(attachment).toMatchObject({ mimeType: 'image/png', size: PNG.length, status: 'ready' });
    expect(message?.editedAt).toBeUndefined();
    expect(await read(attachment?.id ?? '')).toEqual(PNG);
    expect(other.posts.at(-2)?.file?.bytes).toEqual(PNG);
  });

  it('keeps its place among what is said on the other platforms', async () => {
    const { bridge, files, settle, other, clock } = await withPhoto();
    bridge.fail('fetch', refusal('unavailable'), refusal('unavailable'));
    await bridge.type('first', { files });
    await bridge.type('second');
    await settle();
    expect(other.shown().some((text) => text.includes('second'))).toBe(false);
    await clock.advance(60_000);
    expect(other.shown().slice(-3)).toEqual([
      'file.jpg',
      expect.stringContaining('first'),
      expect.stringContaining('second'),
    ]);
  });

  it.each([
    ['the platform has it no longer', (bridge: FakeBridge) => void bridge.sent.clear()],
    ['it is too large', (bridge: FakeBridge) => void bridge.sent.set('photo-1', new Uint8Array(1001))],
    ['the platform does not hand it over', (bridge: FakeBridge) => bridge.fail('fetch', refusal('invalid'))],
  ])('is said to be missing where %s', async (_, make) => {
    const { bridge, files, settle, messages, other, clock, store } = await withPhoto({
      uploads: { maxBytes: 1000 },
    });
    make(bridge);
    await bridge.type('See here', { files });
    await clock.advance(5000);
    expect(await messages()).toMatchObject([{ content: 'See here', attachments: [{ status: 'failed' }] }]);
    expect(bridge.answers.at(-1)?.text).toMatch(/^“file\.jpg” does not reach the visitor\. ./);
    expect(other.shown().at(-1)).toContain('See here');
    expect(store.ids).toEqual([]);
    await settle();
  });

  it('is not fetched for a message that was deleted meanwhile', async () => {
    const { bridge, files, messages, clock, store } = await withPhoto();
    bridge.fail('fetch', refusal('unavailable'), refusal('unavailable'));
    const id = await bridge.type('', { files });
    await clock.advance(100);
    await bridge.live.receive({
      kind: 'delete',
      operator: { id: 'ada', name: 'Ada' },
      ref: { chatId: 'chat', threadId: 't1', platformId: id },
      at: clock.now(),
    });
    await clock.advance(60_000);
    expect(await messages()).toMatchObject([{ content: '' }]);
    expect(store.ids).toEqual([]);
  });

  it('does not reach the visitor where there is no place for it, and its sender is told', async () => {
    const its = await begin();
    await its.say('hello?');
    await its.clock.advance(1000);
    await its.bridge.type('See here', { files: [{ ref: 'photo-1' }] });
    await its.clock.advance(1000);
    expect(its.bridge.answers.at(-1)?.text).toMatch(/^Not delivered: this site has no place to keep files/);
    expect(await its.pp.getMessages(its.sessionId)).toHaveLength(1);
  });
});

describe('the name of a file', () => {
  const named = async (name: string): Promise<string> => {
    const { bring } = await withFiles();
    return (await bring(name, PNG)).name;
  };

  it.each([
    ['photo.png', 'photo.png'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\report final.pdf', 'report final.pdf'],
    ['a\u202Egnp.exe', 'agnp.exe'],
    ['line\r\nbreak: x.txt', 'linebreak_ x.txt'],
    ['.htaccess', 'htaccess'],
    ['..', 'file'],
    ['', 'file'],
    ['CON.txt', '_CON.txt'],
    ['naïve 日本語.txt', 'naïve 日本語.txt'],
    [`${'x'.repeat(300)}.jpeg`, `${'x'.repeat(195)}.jpeg`],
  ])('%j becomes %j', async (given, shown) => {
    expect(await named(given)).toBe(shown);
  });

  it('is one that any system can save, whatever it was', async () => {
    const its = await withFiles({ uploads: { perVisitor: { files: 10_000, bytes: 1e9 } } });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 1024 }), async (given) => {
        const { name } = await its.bring(given, PNG);
        expect(name).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}\\/<>:"|?*]+$/u);
        expect(name).not.toMatch(/^[. ]|[. ]$/);
        expect(utf8.encode(name).length).toBeLessThanOrEqual(255);
      }),
      { numRuns: 100 },
    );
  });
});
