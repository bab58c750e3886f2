import {
  BridgeError,
  type MessageNote,
  type NoteAttachment,
  type Part,
  PocketPingError,
} from '@pocketping/core';
import type { SlackEmulator, SlackEmulatorOptions } from '@pocketping/emulators';
import { call, eventually, noteWithFiles, streamOf } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { SlackBridge } from '../src/index.js';
import { card, emulated, postCall } from './emulated.js';

const COMPLETE = 'files.completeUploadExternal';

const visitor = { kind: 'visitor', id: card.visitorId, name: 'Ada' } as const;
const bob = { kind: 'operator', id: '7', name: 'Bob', via: 'discord' } as const;

const PICTURE = new TextEncoder().encode('\x89PNG… not really');
const LINK = 'https://acme.example/files/att_1?until=1';

const cat: NoteAttachment = {
  id: 'att_1',
  name: 'cat.png',
  mimeType: 'image/png',
  size: PICTURE.length,
  status: 'ready',
  link: LINK,
};

const note = (attachments: readonly NoteAttachment[], about: Partial<MessageNote> = {}): MessageNote =>
  noteWithFiles(attachments, { author: visitor, ...about });

/** Bytes in pieces, as a store gives them. */
const open = async () => streamOf(PICTURE, undefined, 7);

const listening = async (emulator: SlackEmulatorOptions = {}) => {
  const all = await emulated({}, emulator);
  await all.bridge.start(all.host);
  const thread = await all.bridge.open(card, call());
  return { ...all, thread, ada: all.slack.operator({ name: 'Nelly' }) };
};

const partsOf = (bridge: SlackBridge, ...[attachments, about]: Parameters<typeof note>): Part[] =>
  bridge.render(note(attachments, about), card);

const shown = ({ slack, thread }: { slack: SlackEmulator; thread: { threadId: string } }) =>
  slack.thread(thread.threadId);

const bytesOf = async (body: ReadableStream<Uint8Array> | undefined): Promise<Uint8Array> =>
  new Uint8Array(await new Response(body as ReadableStream).arrayBuffer());

const refIn = (inbound: unknown): string =>
  (inbound as { files: readonly { ref: string }[] }).files[0]?.ref as string;

const nonce = (name: string) => ({ ...postCall, nonce: name, open });

const phoneFile = async (slack: SlackEmulator, id: string) => fetch(`${slack.phoneUrl}/file?id=${id}`);

describe('what a visitor sends', () => {
  it('is a post of its own, with the bytes as they were, and says whose it is', async () => {
    const all = await listening();
    const [part, ...more] = partsOf(all.bridge, [cat]);
    expect(more).toEqual([]);
    const { platformId } = await all.bridge.post(all.thread, part as Part, nonce('n1'));
    const [message] = shown(all);
    expect(message).toMatchObject({ ts: platformId, text: '👤 Ada' });
    expect(message?.files).toMatchObject([{ name: 'cat.png', size: PICTURE.length, type: 'image/png' }]);
    const got = await phoneFile(all.slack, message?.files[0]?.id as string);
    expect(new Uint8Array(await got.arrayBuffer())).toEqual(PICTURE);
  });

  it('stands before the words, and quotes what it answers once', async () => {
    const { bridge } = await emulated();
    const replyTo = { author: bob, content: 'Which one?', native: false };
    const parts = partsOf(bridge, [cat, { ...cat, id: 'att_2' }], { content: 'this', replyTo });
    expect(parts.map(({ file }) => file?.id)).toEqual(['att_1', 'att_2', undefined]);
    expect(parts.map(({ plain }) => plain.includes('Which one?'))).toEqual([true, false, false]);
  });

  it('is known by its message though Slack shows it later', async () => {
    const all = await listening({ fileShareMs: 400 });
    const [part] = partsOf(all.bridge, [cat]);
    const { platformId } = await all.bridge.post(all.thread, part as Part, nonce('n1'));
    expect(shown(all).map(({ ts }) => ts)).toEqual([platformId]);
  });

  it('appears once, also when the answer is lost and Slack takes its time', async () => {
    const all = await listening({ fileShareMs: 200 });
    const [part] = partsOf(all.bridge, [cat]);
    all.slack.fault({ kind: 'timeout_after', method: COMPLETE, delayMs: 5 });
    const posting = () => all.bridge.post(all.thread, part as Part, nonce('n1'));
    await expect(posting()).rejects.toMatchObject({ code: 'uncertain' });
    const { platformId } = await posting();
    expect(shown(all).map(({ ts }) => ts)).toEqual([platformId]);
    expect(all.slack.calls.filter(({ method }) => method === 'file-upload')).toHaveLength(1);
  });

  it('is not asked for again while Slack may still show it', async () => {
    const all = await listening({ fileShareMs: 900 });
    const [part] = partsOf(all.bridge, [cat]);
    const hasty = { ...nonce('n1'), signal: AbortSignal.timeout(300) };
    await expect(all.bridge.post(all.thread, part as Part, hasty)).rejects.toMatchObject({
      code: 'uncertain',
    });
    const { platformId } = await all.bridge.post(all.thread, part as Part, nonce('n1'));
    expect(shown(all).map(({ ts }) => ts)).toEqual([platformId]);
  });

  it('is found again by another process', async () => {
    const all = await listening();
    const [part] = partsOf(all.bridge, [cat]);
    const { platformId } = await all.bridge.post(all.thread, part as Part, nonce('n1'));
    const { botToken, channelId, apiUrl, appToken } = all.slack;
    const later = new SlackBridge({ botToken, channelId, apiUrl, appToken });
    expect(await later.reconcile?.posted(all.thread, 'n1', call())).toMatchObject({ platformId });
    expect(await later.reconcile?.posted(all.thread, 'n2', call())).toBeNull();
  });

  it('is taken away with its message', async () => {
    const all = await listening();
    const [part] = partsOf(all.bridge, [cat]);
    const posted = await all.bridge.post(all.thread, part as Part, nonce('n1'));
    const id = shown(all)[0]?.files[0]?.id as string;
    await all.bridge.editing?.remove(posted, call());
    expect(shown(all)).toEqual([]);
    expect((await phoneFile(all.slack, id)).status).toBe(404);
  });

  it('does not stay in the channel where its thread is gone', async () => {
    const all = await listening();
    const [part] = partsOf(all.bridge, [cat]);
    all.slack.deleteThread(all.thread.threadId);
    await expect(all.bridge.post(all.thread, part as Part, nonce('n1'))).rejects.toMatchObject({
      code: 'thread_gone',
    });
    expect(all.slack.messages()).toEqual([]);
  });

  it.each([
    ['files.getUploadURLExternal', 'file_upload_size_restricted'],
    ['files.getUploadURLExternal', 'file_uploads_disabled'],
  ])('becomes a line with a link where %s says %s', async (method, description) => {
    const all = await listening();
    const [part] = partsOf(all.bridge, [cat], { author: bob });
    all.slack.fault({ kind: 'refuse', method, description });
    const { platformId } = await all.bridge.post(all.thread, part as Part, nonce('n1'));
    expect(all.slack.message(platformId)).toMatchObject({
      text: `💬 Bob via discord\n📎 cat.png · ${PICTURE.length} bytes · ${LINK}`,
      files: [],
    });
  });

  it('is posted without formatting where its blocks are refused', async () => {
    const all = await listening();
    const [part] = partsOf(all.bridge, [cat]);
    all.slack.fault({ kind: 'refuse', method: COMPLETE, description: 'invalid_blocks' });
    await expect(all.bridge.post(all.thread, part as Part, nonce('n1'))).rejects.toMatchObject({
      code: 'invalid',
    });
    await all.bridge.post(all.thread, part as Part, { ...nonce('n1'), plain: true });
    expect(shown(all)).toMatchObject([{ text: '👤 Ada', files: [{ name: 'cat.png' }] }]);
  });

  it('is not posted when it was removed meanwhile, breaks off, or does not arrive', async () => {
    const all = await listening();
    const [part] = partsOf(all.bridge, [cat]);
    const posting = (how: () => Promise<ReadableStream<Uint8Array>>) =>
      all.bridge.post(all.thread, part as Part, { ...nonce('n1'), open: how });
    const gone = async () => Promise.reject(new PocketPingError('not_found', 'There is no such file.'));
    await expect(posting(gone)).rejects.toMatchObject({ code: 'not_found' });
    const broken = async () =>
      new ReadableStream<Uint8Array>({
        start: (body) => body.enqueue(PICTURE.subarray(0, 5)),
        pull: (body) => body.error(new Error('disk')),
      });
    await expect(posting(broken)).rejects.toMatchObject({ code: 'unavailable' });
    all.slack.fault({ kind: 'server_error', method: 'file-upload' });
    await expect(posting(open)).rejects.toMatchObject({ code: 'unavailable' });
    expect(shown(all)).toEqual([]);
  });

  it('is brought to nobody but Slack', async () => {
    const asked: string[] = [];
    const elsewhere: typeof fetch = async (input) => {
      const { hostname, pathname } = new URL(String(input));
      asked.push(hostname);
      if (!pathname.startsWith('/api/')) return new Response('OK');
      return Response.json({ ok: true, upload_url: 'https://slack.com.evil.example/x', file_id: 'F1' });
    };
    const bridge = new SlackBridge({
      botToken: 'xoxb-1-2-3',
      channelId: 'C0123456789',
      signingSecret: '0123456789abcdef0123456789abcdef',
      fetch: elsewhere,
    });
    const [part] = partsOf(bridge, [cat]);
    const thread = { chatId: 'C0123456789', threadId: '1700000000.000100' };
    await expect(bridge.post(thread, part as Part, nonce('n1'))).rejects.toMatchObject({ code: 'invalid' });
    expect(asked).toEqual(['slack.com']);
  });

  it('is a line with a link where a webhook posts, and says what could not be had', async () => {
    const { slack } = await emulated();
    const bridge = new SlackBridge({ webhookUrl: slack.webhookUrl });
    const parts = partsOf(bridge, [cat, { ...cat, status: 'failed' }], { content: 'look' });
    expect(parts).toHaveLength(1);
    expect(parts[0]).not.toHaveProperty('file');
    expect(parts[0]?.plain).toMatch(/look\n📎 cat\.png · \d+ bytes · https:.*\n📎 cat\.png .* could not be/);
  });
});

describe('what the team shares', () => {
  it('comes with the message, and its bytes are fetched afterwards', async () => {
    const { bridge, ada, thread, received } = await listening();
    const bytes = new TextEncoder().encode('%PDF…');
    ada.shareFiles(thread.threadId, [{ name: 'größe 2.pdf', bytes }, 'b.png'], 'see these');
    await eventually(() => expect(received).toHaveLength(1));
    expect(received[0]).toMatchObject({
      kind: 'message',
      content: 'see these',
      files: [
        { name: 'größe 2.pdf', mimeType: 'application/pdf', size: bytes.length },
        { name: 'b.png', mimeType: 'image/png' },
      ],
    });
    expect(received[0]).not.toHaveProperty('undeliverable');
    expect(await bytesOf(await bridge.files?.fetch(refIn(received[0]), call()))).toEqual(bytes);
  });

  it('may be a page, which is not taken for the one on which people sign in', async () => {
    const { slack, bridge, ada, thread, received } = await listening();
    const bytes = new TextEncoder().encode('<h1>hi</h1>');
    ada.share(thread.threadId, { name: 'page.html', bytes });
    await eventually(() => expect(received).toHaveLength(1));
    const fetching = async () => bridge.files?.fetch(refIn(received[0]), call());
    expect(await bytesOf(await fetching())).toEqual(bytes);
    slack.fault({
      kind: 'refuse',
      method: 'file-download',
      code: 200,
      description: '<title>Sign in</title>',
    });
    await expect(fetching()).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('is a link where it is kept elsewhere', async () => {
    const { ada, thread, received } = await listening();
    const externalUrl = 'https://docs.example/d/1';
    ada.shareFiles(thread.threadId, ['Plan'], 'read', { mode: 'external', externalUrl });
    await eventually(() => expect(received).toHaveLength(1));
    expect(received[0]).toMatchObject({ content: `read\nPlan (${externalUrl})` });
    expect(received[0]).not.toHaveProperty('files');
  });

  it('is asked about where another organisation shares it', async () => {
    const { bridge, ada, thread, received } = await listening();
    ada.shareFiles(thread.threadId, ['a.png'], '', { isForeign: true });
    await eventually(() => expect(received).toHaveLength(1));
    expect(received[0]).toMatchObject({ content: '', files: [{ ref: expect.stringMatching(/^F/) }] });
    expect((await bytesOf(await bridge.files?.fetch(refIn(received[0]), call()))).length).toBeGreaterThan(0);
  });

  it.each([
    ['hidden_by_limit', 'Files beyond what the Slack workspace keeps'],
    ['canvas', 'Canvases and lists'],
  ] as const)('cannot be delivered where it is %s', async (mode, undeliverable) => {
    const { ada, thread, received } = await listening();
    ada.shareFiles(thread.threadId, ['a.png'], 'look', { mode });
    await eventually(() => expect(received).toHaveLength(1));
    expect(received[0]).toMatchObject({ content: 'look', undeliverable });
    expect(received[0]).not.toHaveProperty('files');
  });

  it('is left out of a command, which is told', async () => {
    const { slack, ada, thread, received } = await listening();
    ada.share(thread.threadId, 'a.png', `@${slack.botName} note see this`);
    await eventually(() => expect(received.length).toBeGreaterThan(0));
    expect(received[0]).toMatchObject({ kind: 'command', name: 'note', undeliverable: 'Files' });
  });

  it('is not handed over to whoever lacks the scope, which is named', async () => {
    const { slack, bridge, ada, thread, received } = await listening();
    ada.share(thread.threadId, 'a.png');
    await eventually(() => expect(received).toHaveLength(1));
    slack.setScopes(['chat:write']);
    const error = await bridge.files?.fetch(refIn(received[0]), call()).catch((reason: unknown) => reason);
    expect(BridgeError.isInstance(error) && [error.code, error.message]).toMatchObject([
      'unauthorized',
      expect.stringMatching(/"files:read".*Reinstall/),
    ]);
  });

  it.each([
    ['rate_limit', 'rate_limited'],
    ['server_error', 'unavailable'],
    ['reset', 'unavailable'],
  ] as const)('is asked for again after %s', async (kind, code) => {
    const { slack, bridge, ada, thread, received } = await listening();
    ada.share(thread.threadId, 'a.png');
    await eventually(() => expect(received).toHaveLength(1));
    slack.fault({ kind, method: 'file-download' });
    const fetching = async () => bridge.files?.fetch(refIn(received[0]), call());
    await expect(fetching()).rejects.toMatchObject({ code });
    expect((await bytesOf(await fetching())).length).toBeGreaterThan(0);
  });

  it('is gone when it was deleted, and named by nothing but its id', async () => {
    const { bridge } = await listening();
    await expect(bridge.files?.fetch('F0000000000', call())).rejects.toMatchObject({ code: 'message_gone' });
    await expect(bridge.files?.fetch('../F1', call())).rejects.toMatchObject({ code: 'invalid' });
  });

  it('gets the token nowhere but at Slack', async () => {
    const asked: string[] = [];
    const elsewhere: typeof fetch = async (input) => {
      asked.push(new URL(String(input)).hostname);
      const url_private = 'https://files.slack.com.evil.example/files-pri/T1-F1/a.png';
      return Response.json({ ok: true, file: { id: 'F1', mode: 'hosted', url_private } });
    };
    const bridge = new SlackBridge({
      botToken: 'xoxb-1-2-3',
      channelId: 'C0123456789',
      signingSecret: '0123456789abcdef0123456789abcdef',
      fetch: elsewhere,
    });
    await expect(bridge.files?.fetch('F1', call())).rejects.toMatchObject({ code: 'invalid' });
    expect(asked).toEqual(['slack.com']);
  });
});
