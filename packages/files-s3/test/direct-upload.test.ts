import { PocketPing } from '@pocketping/core';
import { S3FileStore } from '@pocketping/files-s3';
import { recordingLogger } from '@pocketping/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { BUCKET, CREDENTIALS, type Store, startStore } from './store.js';

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), Buffer.alloc(300_000, 7)]);
const PAGE = Buffer.alloc(PNG.length, '<script>alert(1)</script>');
const PROGRAM = Buffer.concat([Buffer.from('MZ\x90\0', 'latin1'), Buffer.alloc(PNG.length - 4)]);

let store: Store;
beforeAll(async () => {
  store = await startStore();
});
beforeEach(() => {
  store.requests.length = 0;
  store.interfere = undefined;
});
afterAll(() => store.close());

/** A visitor of a site whose files are in the bucket, and an address to which a picture may go. */
const announced = async () => {
  const files = new S3FileStore({ bucket: BUCKET, endpoint: store.endpoint, credentials: CREDENTIALS });
  const pp = new PocketPing({ files, logger: recordingLogger() });
  const { conversation } = pp;
  const { session, token = '' } = await conversation.connect({ visitorId: 'vis_one' }, {});
  const actor = await conversation.authenticate(token);
  const request = { sessionId: session.id, name: 'lamp.png', size: PNG.length };
  const { attachmentId, direct } = await conversation.announce(actor, request);
  return {
    pp,
    put: async (bytes: Buffer) => {
      const { url = '', headers } = direct ?? {};
      return (await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) } as RequestInit)).ok;
    },
    complete: () => conversation.completeUpload(actor, { sessionId: session.id, attachmentId }),
    /** As a browser gets it. */
    get: async (key: string) => {
      const { url } = await conversation.openFile(attachmentId, { key });
      const serving = { contentType: 'image/png', contentDisposition: 'inline' };
      const answer = await fetch((await url?.(serving)) as string);
      return { type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) };
    },
  };
};

it('what a browser brings stays what it was when it was complete, though its address is still good', async () => {
  const { pp, put, complete, get } = await announced();
  expect(await put(PNG)).toBe(true);
  const { key, mimeType } = await complete();
  expect(mimeType).toBe('image/png');
  expect(await put(PAGE)).toBe(true);
  const { type, bytes } = await get(key);
  expect(type).toBe('image/png');
  expect(bytes.equals(PNG)).toBe(true);
  await pp.stop();
});

it('its bytes do not pass through the server', async () => {
  const { pp, put, complete } = await announced();
  await put(PNG);
  let answered = 0;
  store.interfere = (req, res) => {
    const write = res.write.bind(res);
    if (req.method === 'GET') {
      res.write = ((chunk: Uint8Array, ...rest: []) => {
        answered += chunk.length;
        return write(chunk, ...rest);
      }) as typeof res.write;
    }
    return false;
  };
  store.requests.length = 0;
  await complete();
  expect(store.requests.map((request) => request.split(' ')[0]).sort()).toEqual([
    'GET',
    'HEAD',
    'HEAD',
    'PUT',
  ]);
  expect(answered).toBeGreaterThan(0);
  expect(answered).toBeLessThanOrEqual(4100);
  await pp.stop();
});

it('of a program nothing is left where it was copied to', async () => {
  const { pp, put, complete } = await announced();
  await put(PROGRAM);
  await expect(complete()).rejects.toMatchObject({ code: 'unsupported_media_type' });
  const copies = store.requests.filter((request) => request.startsWith('PUT')).slice(1);
  expect(copies).toHaveLength(1);
  const [, path = ''] = /^PUT (\S+?)(?:\?|$)/.exec(copies[0] ?? '') ?? [];
  expect(store.requests.at(-1)).toContain(`DELETE ${path}`);
  await pp.stop();
});
