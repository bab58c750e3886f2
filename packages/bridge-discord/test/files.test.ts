import {
  BridgeError,
  type MessageNote,
  type NoteAttachment,
  type Part,
  PocketPingError,
} from '@pocketping/core';
import { call, eventually, noteWithFiles, streamOf } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DiscordBridge } from '../src/index.js';
import { card, emulated, listening, postCall } from './emulated.js';

const POST = 'POST /channels/{channel}/messages';
const CDN = 'GET /attachments/{channel}/{attachment}/{filename}';

const visitor = { kind: 'visitor', id: card.visitorId } as const;
const bob = { kind: 'operator', id: '7', name: 'Bob', via: 'support-telegram' } as const;

const text = new TextEncoder();
const PICTURE = text.encode('\x89PNG… not really');

const cat: NoteAttachment = {
  id: 'att_1',
  name: 'cat.png',
  mimeType: 'image/png',
  size: PICTURE.length,
  status: 'ready',
};
const film: NoteAttachment = {
  ...cat,
  id: 'att_2',
  name: 'film_*.mp4',
  mimeType: 'video/mp4',
  size: 30_000_000,
  link: 'https://acme.example/files/att_2?until=1',
};

const note = (attachments: readonly NoteAttachment[], about: Partial<MessageNote> = {}): MessageNote =>
  noteWithFiles(attachments, { author: visitor, ...about });

/** Bytes in pieces, as a store gives them. */
const open = async () => streamOf(PICTURE, undefined, 7);

const bytesOf = async (body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> =>
  new Uint8Array(await new Response(body as ReadableStream).arrayBuffer());

const first = (parts: readonly Part[]): Part => parts[0] as Part;

describe('what a visitor sends', () => {
  it('is a post of its own, with the bytes as they were', async () => {
    const { discord, bridge, thread } = await listening();
    const [part, ...more] = bridge.render(note([cat]), card);
    expect(more).toEqual([]);
    const { platformId } = await bridge.post(thread, part as Part, postCall({ open }));
    const [file] = discord.message(platformId)?.files ?? [];
    expect(file).toMatchObject({ name: 'cat.png', type: 'image/png', size: PICTURE.length });
    expect(await bytesOf((await fetch(file?.url as string)).body)).toEqual(PICTURE);
    const sent = discord.calls.findLast(({ route }) => route === POST);
    expect(sent?.body).toMatchObject({ allowed_mentions: { parse: [] }, enforce_nonce: true, flags: 4 });
  });

  it('stands before the words, which alone change with an edit', () => {
    const { bridge } = webhooked();
    const parts = bridge.render(note([cat, { ...cat, id: 'att_3' }], { content: 'look' }), card);
    expect(parts.map(({ file }) => file?.id)).toEqual(['att_1', 'att_3', undefined]);
    expect(parts.at(-1)?.plain).toContain('look');
  });

  it('says whose it is where it is not the visitor’s', async () => {
    const { discord, bridge, thread } = await listening();
    const part = first(bridge.render(note([cat], { author: bob }), card));
    const { platformId } = await bridge.post(thread, part, postCall({ open }));
    expect(discord.message(platformId)?.text).toBe('💬 Bob via support-telegram');
  });

  it('says whose it is where conversations stand side by side', async () => {
    const { discord, bridge, thread } = await listening({ useThreads: false });
    const part = first(bridge.render(note([cat]), card));
    const { platformId } = await bridge.post(thread, part, postCall({ open }));
    expect(discord.message(platformId)?.text).toMatch(/^👤 Visitor \w+ #\w+$/);
    expect(discord.message(platformId)?.files).toHaveLength(1);
  });

  it('quotes what it answers once, and with the first file', () => {
    const { bridge } = webhooked();
    const replyTo = { author: bob, content: 'Which one?', native: false };
    const parts = bridge.render(note([cat, cat], { content: 'this', replyTo }), card);
    expect(parts.map(({ plain }) => plain.includes('Which one?'))).toEqual([true, false, false]);
  });

  it('appears once however often it is tried', async () => {
    const { discord, bridge, thread } = await listening();
    const part = first(bridge.render(note([cat]), card));
    discord.fault({ kind: 'timeout_after', method: POST, delayMs: 5 });
    const posting = () => bridge.post(thread, part, postCall({ open, nonce: 'msg_1/0' }));
    await expect(posting()).rejects.toMatchObject({ code: 'uncertain' });
    const { platformId } = await posting();
    expect(discord.messages(thread.threadId).map(({ id }) => id)).toEqual([platformId]);
  });

  it('goes through a webhook as well', async () => {
    const { discord } = await emulated();
    const bridge = new DiscordBridge({ webhookUrl: discord.addWebhook() });
    const part = first(bridge.render(note([cat]), card));
    const thread = await bridge.open(card, call());
    const { platformId } = await bridge.post(thread, part, postCall({ open }));
    expect(discord.message(platformId)?.files).toMatchObject([{ name: 'cat.png', size: PICTURE.length }]);
  });

  it('keeps a name that would end a header, and a type that is none', async () => {
    const { discord, bridge, thread } = await listening();
    const odd = { ...cat, name: 'a"; x="\r\nX-Y: 1.png', mimeType: 'image/png\r\nX-Y: 1' };
    const part = first(bridge.render(note([odd]), card));
    await bridge.post(thread, part, postCall({ open }));
    const { files = [], body } = discord.calls.findLast(({ route }) => route === POST) ?? {};
    expect(files).toMatchObject([{ type: 'application/octet-stream', size: PICTURE.length }]);
    expect(body).toMatchObject({ attachments: [{ id: 0, filename: odd.name }] });
  });

  it('is a line with a link where Discord does not take it', () => {
    const { bridge } = webhooked();
    const [part, ...more] = bridge.render(note([film], { content: 'look' }), card);
    expect(more).toEqual([]);
    expect(part).not.toHaveProperty('file');
    expect(part?.plain).toContain(`look\n📎 film_*.mp4 · 30 MB · ${film.link}`);
  });

  it('is a line that says so where it could not be had, or has no link', () => {
    const { bridge } = webhooked();
    const { link: _, ...linkless } = film;
    const [part] = bridge.render(note([{ ...cat, status: 'failed' }, linkless]), card);
    expect(part?.plain).toMatch(
      /📎 cat\.png · \d+ bytes · could not be fetched\n📎 .* · too large for Discord/,
    );
  });

  it('becomes a line with a link where a server takes less than others', async () => {
    const { discord, bridge, thread } = await listening();
    const link = 'https://acme.example/files/att_1';
    const part = first(bridge.render(note([{ ...cat, link }], { author: bob }), card));
    discord.fault({ kind: 'refuse', method: POST, status: 413, code: 40005 });
    const { platformId } = await bridge.post(thread, part, postCall({ open }));
    expect(discord.message(platformId)).toMatchObject({
      text: `💬 Bob via support-telegram\n📎 cat.png · ${PICTURE.length} bytes · ${link}`,
      files: [],
    });
  });

  it('is not posted when it was removed meanwhile, or breaks off', async () => {
    const { discord, bridge, thread } = await listening();
    const part = first(bridge.render(note([cat]), card));
    const gone = async () => Promise.reject(new PocketPingError('not_found', 'There is no such file.'));
    await expect(bridge.post(thread, part, postCall({ open: gone }))).rejects.toMatchObject({
      code: 'not_found',
    });
    const broken = async () =>
      new ReadableStream<Uint8Array>({
        start: (body) => body.enqueue(PICTURE.subarray(0, 5)),
        pull: (body) => body.error(new Error('disk')),
      });
    await expect(bridge.post(thread, part, postCall({ open: broken }))).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(discord.messages(thread.threadId)).toEqual([]);
  });

  it('is read piece by piece, and let go of when the call is given up', async () => {
    const { bridge, discord, thread } = await listening();
    const part = first(bridge.render(note([{ ...cat, size: 10_000_000 }]), card));
    let read = 0;
    let cancelled = false;
    const endless = async () =>
      new ReadableStream<Uint8Array>(
        {
          pull: async (body) => {
            read += 1000;
            await new Promise((resolve) => setTimeout(resolve, 2));
            body.enqueue(new Uint8Array(1000));
          },
          cancel: () => {
            cancelled = true;
          },
        },
        { highWaterMark: 0 },
      );
    const signal = AbortSignal.timeout(60);
    await expect(bridge.post(thread, part, postCall({ open: endless, signal }))).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(cancelled).toBe(true);
    expect(read).toBeLessThan(1_000_000);
    expect(discord.messages(thread.threadId)).toEqual([]);
  });
});

describe('what the team sends', () => {
  it('comes with the message, and its bytes are fetched afterwards', async () => {
    const { bridge, ada, thread, received } = await listening();
    const bytes = text.encode('%PDF…');
    ada.sendFiles(
      thread.threadId,
      [
        { name: 'größe 2.pdf', bytes },
        { name: 'b.png', bytes },
      ],
      'see these',
    );
    await eventually(() => expect(received).toHaveLength(1));
    const [message] = received;
    expect(message).toMatchObject({
      kind: 'message',
      content: 'see these',
      files: [
        { name: 'größe 2.pdf', mimeType: 'application/pdf', size: bytes.length },
        { name: 'b.png', mimeType: 'image/png' },
      ],
    });
    expect(await bytesOf((await bridge.files?.fetch(refIn(message), call())) as never)).toEqual(bytes);
  });

  it('is found again when somebody looks for what was missed', async () => {
    const { bridge, ada, thread, host } = await listening();
    await bridge.stop();
    ada.sendFile(thread.threadId, 'photo.png');
    await bridge.start(host);
    const found = [];
    for await (const inbound of bridge.catchUp?.since(Date.now() - 60_000, call()) ?? []) found.push(inbound);
    expect(found.filter(Boolean)).toMatchObject([{ content: '', files: [{ name: 'photo.png' }] }]);
  });

  it('is to be had when its first address has long expired', async () => {
    let now = Date.now();
    const { bridge, ada, thread, received } = await listening({}, { clock: { now: () => now } });
    const { files } = ada.sendFile(thread.threadId, 'photo.png');
    await eventually(() => expect(received).toHaveLength(1));
    now += 25 * 60 * 60_000;
    expect((await fetch(files[0]?.url as string)).status).toBe(404);
    expect((await fetched(bridge, received[0])).length).toBe(files[0]?.size);
  });

  it('is gone when the message is', async () => {
    const { bridge, ada, thread, received } = await listening();
    const { id } = ada.sendFile(thread.threadId);
    await eventually(() => expect(received).toHaveLength(1));
    ada.delete(id);
    await expect(bridge.files?.fetch(refIn(received[0]), call())).rejects.toMatchObject({
      code: 'message_gone',
    });
  });

  it.each([
    ['rate_limit', 'rate_limited'],
    ['server_error', 'unavailable'],
    ['reset', 'unavailable'],
  ] as const)('is asked for again after %s', async (kind, code) => {
    const { discord, bridge, ada, thread, received } = await listening();
    ada.sendFile(thread.threadId);
    await eventually(() => expect(received).toHaveLength(1));
    discord.fault({ kind, method: CDN });
    await expect(bridge.files?.fetch(refIn(received[0]), call())).rejects.toMatchObject({ code });
    expect((await fetched(bridge, received[0])).length).toBeGreaterThan(0);
  });

  it('does not end early without anybody noticing', async () => {
    const { discord, bridge, ada, thread, received } = await listening();
    ada.sendFile(thread.threadId);
    await eventually(() => expect(received).toHaveLength(1));
    discord.fault({ kind: 'broken_body', method: CDN, delayMs: 5 });
    await expect(fetched(bridge, received[0])).rejects.toThrow();
  });

  it('is fetched from nowhere but Discord', async () => {
    const asked: string[] = [];
    const elsewhere: typeof fetch = async (input) => {
      const url = new URL(String(input));
      asked.push(url.origin);
      const attachments = [{ id: '3', url: 'https://cdn.discordapp.com.evil.example/attachments/1/2/a.png' }];
      return Response.json({ id: '2', attachments });
    };
    const bridge = new DiscordBridge({
      botToken: 'MTk4.Cl2FMQ.x',
      channelId: '123456789012345678',
      fetch: elsewhere,
    });
    await expect(bridge.files?.fetch('1/2/3', call())).rejects.toMatchObject({ code: 'invalid' });
    expect(asked).toEqual(['https://discord.com']);
  });

  it('is named by nothing but ids', async () => {
    const { bridge } = await emulated();
    for (const ref of ['', '1/2', '1/2/3/4', '../../users/@me', '1/2/3?x']) {
      const error = await bridge.files?.fetch(ref, call()).catch((reason: unknown) => reason);
      expect(BridgeError.isInstance(error) && error.code).toBe('invalid');
    }
  });
});

const refIn = (inbound: unknown): string =>
  (inbound as { files: readonly { ref: string }[] }).files[0]?.ref as string;

const fetched = async (bridge: DiscordBridge, inbound: unknown): Promise<Uint8Array> =>
  bytesOf((await bridge.files?.fetch(refIn(inbound), call())) ?? null);

/** Renders like any other, and asks nobody. */
const webhooked = () => {
  const bridge = new DiscordBridge({ webhookUrl: 'https://discord.com/api/webhooks/123456789012345678/x' });
  onTestFinished(() => bridge.stop());
  return { bridge };
};
