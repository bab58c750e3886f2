import { MemoryFileStore, PocketPing } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { expect, it } from 'vitest';
import { createExchange, type WireInput } from '../src/index.js';

it('a file that a backend named as it liked is where its address says', async () => {
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
  await ask('POST', '/api/sessions', { id: 'sess_1', visitorId: 'vis_1' });
  for (const id of ['att_1', '../../a', 'a/b?c#d', '100%', 'a&b=c']) {
    const query = `sessionId=sess_1&name=${encodeURIComponent('März.txt')}`;
    const brought = await ask('PUT', `/api/attachments/${encodeURIComponent(id)}?${query}`);
    expect([id, brought.status]).toEqual([id, 200]);
    const { attachment } = JSON.parse(String(brought.body)) as { attachment: { id: string; url: string } };
    expect(attachment.id).toBe(id);
    expect([id, (await ask('GET', attachment.url)).status]).toEqual([id, 200]);
  }
});
