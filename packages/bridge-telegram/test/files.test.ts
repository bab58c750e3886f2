import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bridge, MessageNote, NoteAttachment, Part } from '@pocketping/core';
import type { TelegramEmulator } from '@pocketping/emulators';
import { call } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { card, emulated, emulatedChats, postCall } from './emulated.js';

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

const picture: NoteAttachment = {
  id: 'att_1',
  name: 'picture.png',
  mimeType: 'image/png',
  size: PIXEL.length,
  status: 'ready',
};

const noteOf = (attachment: NoteAttachment, change: Partial<MessageNote> = {}): MessageNote => ({
  kind: 'message',
  author: { kind: 'visitor', id: 'vis_1' },
  content: '',
  attachments: [attachment],
  at: 0,
  edited: false,
  ...change,
});

const partsOf = (bridge: Bridge, note: MessageNote): Part[] => bridge.render(note, card);

const opening = (bytes: Uint8Array) => ({
  ...postCall,
  open: async () => new Blob([new Uint8Array(bytes)]).stream() as ReadableStream<Uint8Array>,
});

describe('a file is rendered', () => {
  it.each([
    ['image/jpeg', 10 * 1024 * 1024, 'sendPhoto'],
    ['image/webp', 1, 'sendPhoto'],
    ['image/jpeg', 10 * 1024 * 1024 + 1, 'sendDocument'],
    ['image/gif', 1, 'sendAnimation'],
    ['image/svg+xml', 1, 'sendDocument'],
    ['video/mp4', 1, 'sendDocument'],
  ])('for %s of %i bytes as what %s takes', async (mimeType, size, method) => {
    const { telegram, bridge, host } = await emulated();
    await bridge.start(host);
    const thread = await bridge.open(card, call());
    const [part] = partsOf(bridge, noteOf({ ...picture, mimeType, size }));
    await bridge.post(thread, part as Part, opening(PIXEL));
    expect(telegram.calls.filter((each) => /^send(?!Chat)/.test(each.method))).toMatchObject([{ method }]);
  });

  it.each([
    [0, 'named in the text'],
    [50 * 1024 * 1024 + 1, 'named in the text'],
  ])('of %i bytes: %s', async (size) => {
    const { bridge } = await emulated();
    const [part, ...others] = partsOf(bridge, noteOf({ ...picture, size }));
    expect(part?.file).toBeUndefined();
    expect(part?.plain).toMatch(/^📎 picture\.png/);
    expect(others).toEqual([]);
  });

  it('with its size and link, or why there is none', async () => {
    const { bridge } = await emulated();
    const large = { ...picture, size: 61 * 1024 * 1024, link: 'https://chat.example/files/a?b=1&c=2' };
    const [part] = partsOf(bridge, noteOf(large, { content: 'See' }));
    expect(part?.plain).toBe('See\n📎 picture.png, 64 MB: https://chat.example/files/a?b=1&c=2');
    expect(part?.markup).toContain('?b=1&amp;c=2');
    const [failed] = partsOf(bridge, noteOf({ ...picture, status: 'failed', size: 2048 }));
    expect(failed?.plain).toBe('📎 picture.png, 2 KB (could not be fetched)');
  });

  it('with what it answers, in the first post, and who sent it, in each', async () => {
    const { bridge } = await emulated();
    const author = { kind: 'operator', id: '1', name: 'Bob', via: 'discord' } as const;
    const replyTo = { author: { kind: 'visitor', id: 'v' }, content: 'Which one?', native: false } as const;
    const [first, second] = partsOf(bridge, noteOf(picture, { author, replyTo, content: 'This' }));
    expect(first?.plain).toBe('💬 Bob via discord\nVisitor: Which one?');
    expect(second?.plain).toBe('💬 Bob via discord\nThis');
  });

  it('apart from other messages, so that they are not posted as one', async () => {
    const { bridge } = await emulated();
    const messages = [noteOf(picture), noteOf(picture, { content: 'hello' })];
    const parts = bridge.render({ kind: 'messages', messages }, card);
    expect(parts.map(({ file }) => file?.id)).toEqual(['att_1', 'att_1', undefined]);
  });

  it('with a caption that fits, whoever is called what', async () => {
    const name = '&'.repeat(5000);
    const author = { kind: 'operator', id: '1', name, via: name } as const;
    const quoted = { author, content: '<'.repeat(5000), native: false } as const;
    const note = noteOf(picture, { author, replyTo: quoted });
    const { bridge } = await emulated();
    const { bridge: shared } = await emulatedChats([{ type: 'private' }]);
    for (const each of [bridge, shared]) {
      expect(partsOf(each, note)[0]?.plain.length).toBeLessThanOrEqual(1024);
    }
  });
});

describe('a file is posted', () => {
  const posted = async () => {
    const { telegram, bridge, host } = await emulated();
    await bridge.start(host);
    const thread = await bridge.open(card, call());
    const [part] = partsOf(bridge, noteOf(picture)) as [Part];
    return { telegram, bridge, thread, part };
  };

  it('as a document where Telegram refuses it as a photo', async () => {
    const { telegram, bridge, thread, part } = await posted();
    const wide = Buffer.from(PIXEL);
    wide.writeUInt32BE(30_000, 16);
    await expect(bridge.post(thread, part, opening(wide))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('PHOTO_INVALID_DIMENSIONS'),
    });
    await bridge.post(thread, part, { ...opening(wide), plain: true });
    expect(telegram.messages(Number(thread.threadId)).at(-1)).toMatchObject({
      type: 'document',
      file: { name: 'picture.png' },
    });
  });

  it('into a topic that was closed, which takes its bytes twice', async () => {
    const { telegram, bridge, thread, part } = await posted();
    await bridge.closing?.close(thread, call());
    telegram.setBotMembership({ can_manage_topics: false });
    await bridge.post(thread, part, opening(PIXEL));
    const last = telegram.messages(Number(thread.threadId)).at(-1);
    expect(Buffer.from(telegram.fileBytes(last?.file?.id ?? ''))).toEqual(PIXEL);
  });

  it.each([
    'Bad Request: not enough rights to send photos to the chat',
    'Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN',
  ])('nowhere where photos are not allowed, and nothing else suffers: %s', async (description) => {
    const { telegram, bridge, thread, part } = await posted();
    telegram.fault({ kind: 'refuse', method: 'sendPhoto', description });
    await expect(bridge.post(thread, part, opening(PIXEL))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('let members send media'),
    });
  });

  it('in pieces: little more of it is read than Telegram has taken', async () => {
    const piece = new Uint8Array(64 * 1024);
    const pieces = 320;
    const { port, received } = await countingServer();
    const { bridge } = await emulated({ apiRoot: `http://127.0.0.1:${port}` });
    let read = 0;
    let underWay = 0;
    const open = async () =>
      new ReadableStream<Uint8Array>(
        {
          pull: (controller) => {
            if (read === pieces) return controller.close();
            read += 1;
            underWay = Math.max(underWay, read * piece.length - received());
            controller.enqueue(piece);
          },
        },
        { highWaterMark: 0 },
      );
    const size = pieces * piece.length;
    const [part] = partsOf(bridge, noteOf({ ...picture, mimeType: 'application/pdf', size })) as [Part];
    const posted = await bridge.post({ chatId: '-1001', threadId: '5' }, part, { ...postCall, open });
    expect(posted.platformId).toBe('7');
    expect(received()).toBeGreaterThan(size);
    expect(underWay).toBeLessThan(size / 2);
  });

  it('and its words go where it cannot be deleted any more', async () => {
    const { telegram, bridge, thread } = await posted();
    const author = { kind: 'operator', id: '1', name: 'Bob' } as const;
    const [part] = partsOf(bridge, noteOf(picture, { author })) as [Part];
    const message = await bridge.post(thread, part, opening(PIXEL));
    telegram.fault({
      kind: 'refuse',
      method: 'deleteMessage',
      description: "Bad Request: message can't be deleted for everyone",
    });
    await bridge.editing.remove(message, call());
    expect(telegram.message(Number(message.platformId))?.text).toBe('Deleted');
  });
});

describe('a file of the team is fetched', () => {
  const sent = async (options: Parameters<typeof emulated>[0] = {}) => {
    const { telegram, bridge } = await emulated(options);
    const file = { name: 'report.pdf', bytes: Buffer.alloc(100_000, 'ab') };
    const { file: seen } = telegram.operator({ name: 'Ada' }).sendFile(1, file);
    const fetched = async () =>
      Buffer.from(
        await new Response(
          (await bridge.files.fetch(seen?.id ?? '', call())) as ReadableStream,
        ).arrayBuffer(),
      );
    return { telegram, bridge, file, fetched };
  };

  it.each([
    ['timeout_before', { delayMs: 5 }],
    ['reset', {}],
    ['bad_gateway_html', {}],
    ['server_error', {}],
    ['broken_body', { delayMs: 5 }],
  ] as const)('again later where that fails: %s', async (kind, rule) => {
    const { telegram, file, fetched } = await sent();
    for (const method of ['getFile', 'download']) {
      telegram.fault({ kind, method, ...rule });
      await expect(fetched()).rejects.toMatchObject({ code: 'unavailable' });
    }
    expect(await fetched()).toEqual(file.bytes);
  });

  it('after a while where Telegram asks for one, and not with a token that it does not know', async () => {
    const { telegram, fetched } = await sent();
    telegram.fault({ kind: 'rate_limit', method: 'download', retryAfter: 3 });
    await expect(fetched()).rejects.toMatchObject({ code: 'rate_limited' });
    telegram.fault({ kind: 'unauthorized', method: 'download' });
    await expect(fetched()).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('without a word about the token where Telegram cannot be reached', async () => {
    const { telegram, fetched } = await sent();
    await telegram.close();
    const error = await fetched().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(String((error as Error).stack) + String((error as Error).cause)).not.toContain(
      telegram.botToken.split(':')[1],
    );
  });

  it('until nobody wants it any more', async () => {
    const { telegram, bridge, file } = await sent();
    const { file: seen } = telegram.operator({ name: 'Ada' }).sendFile(1, file);
    telegram.fault({ kind: 'slow_body', method: 'download', delayMs: 60_000 });
    const stop = new AbortController();
    const stream = await bridge.files.fetch(seen?.id ?? '', { signal: stop.signal });
    const reading = new Response(stream as ReadableStream).arrayBuffer();
    const failing = expect(reading).rejects.toMatchObject({ code: 'unavailable' });
    stop.abort();
    await failing;
  });

  it('through the agent of a proxy', async () => {
    const agent = new Agent({ keepAlive: false });
    let connections = 0;
    const connect = agent.createConnection.bind(agent);
    agent.createConnection = (...args: Parameters<typeof connect>) => {
      connections += 1;
      return connect(...args);
    };
    const { file, fetched } = await sent({ client: { baseFetchConfig: { agent } } });
    expect(await fetched()).toEqual(file.bytes);
    expect(connections).toBe(2);
  });

  it('through a `fetch` of one’s own', async () => {
    let telegram: TelegramEmulator | undefined;
    const own = ((...args: Parameters<TelegramEmulator['fetch']>) => telegram?.fetch(...args)) as never;
    const started = await sent({ client: { fetch: own } });
    telegram = started.telegram;
    expect(await started.fetched()).toEqual(started.file.bytes);
  });

  it('not from a server that keeps it on its own disk', async () => {
    const answer = { ok: true, result: { file_id: 'a', file_path: '/var/lib/bot/file_1.pdf' } };
    const server = createServer((_, response) => response.end(JSON.stringify(answer)));
    const { port } = await listening(server);
    const { bridge } = await emulated({ apiRoot: `http://127.0.0.1:${port}` });
    await expect(bridge.files.fetch('a', call())).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('--local'),
    });
  });
});

const listening = async (server: ReturnType<typeof createServer>): Promise<AddressInfo> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
  });
  return server.address() as AddressInfo;
};

/** A Telegram that counts the bytes of what it is sent. */
const countingServer = async () => {
  let count = 0;
  const server = createServer((request, response) => {
    request.on('data', (chunk: Uint8Array) => {
      count += chunk.length;
    });
    request.on('end', () => response.end(JSON.stringify({ ok: true, result: { message_id: 7 } })));
  });
  const { port } = await listening(server);
  return { port, received: () => count };
};
