import { MemoryFileStore, PocketPing } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { expect, it } from 'vitest';
import { createExchange, type WireInput } from '../src/index.js';

const house = async () => {
  const pp = new PocketPing({ logger: recordingLogger(), files: new MemoryFileStore() });
  const exchange = createExchange(pp, { bridgeApi: { apiKey: 'key' } });
  const bytes = new TextEncoder().encode('hello');
  const ask = (method: string, address: string, body?: object) => {
    const { pathname, search } = new URL(address, 'http://localhost');
    return exchange({
      method,
      path: pathname,
      query: search.slice(1),
      headers: {
        authorization: 'Bearer key',
        ...(body && { 'content-type': 'application/json' }),
        'content-length': `${bytes.length}`,
      },
      remoteAddress: '203.0.113.9',
      body: async () => JSON.stringify(body),
      stream: () => new Blob([bytes]).stream(),
      onGone: () => {},
    } satisfies WireInput);
  };
  const begin = (id: string) => ask('POST', '/api/sessions', { id, visitorId: 'vis_1' });
  const bring = (id: string, sessionId: string, size = '') =>
    ask('PUT', `/api/attachments/${encodeURIComponent(id)}?sessionId=${sessionId}&name=M%C3%A4rz.txt${size}`);
  await begin('sess_1');
  return { ask, begin, bring };
};

it('a file that a backend named as it liked is where its address says', async () => {
  const { ask, bring } = await house();
  for (const id of ['att_1', '../../a', 'a/b?c#d', '100%', 'a&b=c']) {
    const brought = await bring(id, 'sess_1');
    expect([id, brought.status]).toEqual([id, 200]);
    const { attachment } = JSON.parse(String(brought.body)) as { attachment: { id: string; url: string } };
    expect(attachment.id).toBe(id);
    expect([id, (await ask('GET', attachment.url)).status]).toEqual([id, 200]);
  }
});

it('a file of one session is none of another, though they are of one visitor', async () => {
  const { begin, bring } = await house();
  await begin('sess_2');
  expect((await bring('att_1', 'sess_1')).status).toBe(200);
  expect((await bring('att_1', 'sess_2')).status).toBe(409);
  expect((await bring('att_1', 'sess_1')).status).toBe(200);
});

it('a file of which too few or too many bytes came may come again, and then say another size', async () => {
  const { bring } = await house();
  expect((await bring('att_1', 'sess_1', '&size=10')).status).toBe(400);
  expect((await bring('att_1', 'sess_1', '&size=2')).status).toBe(413);
  const brought = await bring('att_1', 'sess_1');
  expect(brought.status).toBe(200);
  expect(JSON.parse(String(brought.body))).toMatchObject({ attachment: { size: 5, status: 'ready' } });
});
