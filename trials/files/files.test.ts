import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { TelegramEmulator } from '@pocketping/emulators';
import type { ConnectResponse, UploadCompleteResponse, UploadResponse } from '@pocketping/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bundle, bundleServer } from '../server/bundle.js';
import { ServerProcess } from '../server/process.js';
import { until } from '../until.js';

const VISITORS = 10;
const EACH = 10;
const BYTES = 2 * 1024 * 1024;

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleServer();
}, 60_000);
afterAll(() => bundle?.remove());

const serving = async () => {
  const telegram = await TelegramEmulator.start();
  const { botToken, forumChatId, apiRoot } = telegram;
  const file = join(bundle.folder, 'files.db');
  const server = new ServerProcess(bundle.program, {
    file,
    port: 0,
    telegram: { botToken, forumChatId, apiRoot },
  });
  const url = `http://127.0.0.1:${await server.listening}/pocketping`;
  return { telegram, server, url, folder: `${file}.files` };
};

/** Text that is different in each file, and long. */
const contentOf = (number: number): Buffer => Buffer.alloc(BYTES, `file ${number}, and so on. `);
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Whoever talks to the server over HTTP. */
const guest = async (url: string, visitorId: string) => {
  const ask = async <T>(method: string, path: string, body: object | Buffer, token?: string): Promise<T> => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        'content-type': Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body),
    });
    expect([path, answer.status]).toEqual([path, 200]);
    return (await answer.json()) as T;
  };
  const { sessionId, token = '' } = await ask<ConnectResponse>('POST', '/connect', { visitorId });
  const announce = (name: string, size: number) =>
    ask<UploadResponse>('POST', '/upload', { sessionId, name, size }, token);
  return {
    token,
    announce,
    bring: async (name: string, bytes: Buffer) => {
      const { attachmentId, uploadUrl } = await announce(name, bytes.length);
      await ask('PUT', uploadUrl, bytes, token);
      const request = { sessionId, attachmentId };
      return (await ask<UploadCompleteResponse>('POST', '/upload/complete', request, token)).attachment;
    },
    send: (attachmentIds: string[]) =>
      ask('POST', '/message', { sessionId, content: '', attachmentIds }, token),
  };
};

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

it('a hundred files at once pass through in little memory, and arrive as they were', async () => {
  const { telegram, server, url, folder } = await serving();
  try {
    const visitors = await Promise.all(
      Array.from({ length: VISITORS }, (_, n) => guest(url, `visitor-${n}`)),
    );
    // What a first file makes it load is not counted.
    await visitors[0]?.bring('first.txt', Buffer.from('The first of them.'));
    const before = server.peakBytes;
    const brought = await Promise.all(
      visitors.flatMap((visitor, v) =>
        Array.from({ length: EACH }, (_, n) => visitor.bring(`${v * EACH + n}.txt`, contentOf(v * EACH + n))),
      ),
    );
    const came = server.peakBytes - before;
    await Promise.all(
      visitors.map((visitor, v) => visitor.send(brought.slice(v * EACH, (v + 1) * EACH).map(({ id }) => id))),
    );
    const posted = () =>
      telegram.topics().flatMap(({ id }) => telegram.messages(id).flatMap(({ file }) => file ?? []));
    await until(() => posted().length >= brought.length, 'Telegram has all of them', { withinMs: 60_000 });
    const passed = server.peakBytes - before;
    for (const { id, name = '' } of posted())
      expect([name, hashOf(telegram.fileBytes(id))]).toEqual([
        name,
        hashOf(contentOf(Number.parseInt(name, 10))),
      ]);
    expect(new Set(posted().map(({ name }) => name)).size).toBe(VISITORS * EACH);
    const read = await fetch(url + (brought[42]?.url ?? ''));
    expect(hashOf(new Uint8Array(await read.arrayBuffer()))).toBe(hashOf(contentOf(42)));
    const all = VISITORS * EACH * BYTES;
    console.log(JSON.stringify({ all, came, passed }));
    expect(came).toBeLessThan(all / 2);
    expect(passed).toBeLessThan((all * 3) / 4);

    const cut = await guest(url, 'visitor-who-leaves');
    const { uploadUrl } = await cut.announce('cut.txt', BYTES);
    const kept = filesIn(folder).length;
    const { port, pathname } = new URL(url + uploadUrl);
    for (let time = 0; time < 20; time++) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(
        `PUT ${pathname} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${cut.token}\r\ncontent-length: ${BYTES}\r\n\r\n`,
      );
      socket.write(contentOf(0).subarray(0, 300_000));
      await new Promise((resolve) => setTimeout(resolve, 10));
      socket.destroy();
    }
    await until(() => filesIn(folder).length === kept, 'nothing is left of what was cut');
    expect(server.logged.filter(({ level }) => level === 'error')).toEqual([]);
    await server.stop();
  } finally {
    await server.kill();
    await telegram.close();
  }
}, 120_000);
