import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../../packages/adapter-node/src/index.ts';
import { MemoryFileStore } from '../../../../packages/core/src/index.ts';
import { atEnd, engine } from './house.mjs';
import { isOnThePage } from './page.mjs';

describe('the page has what a website is answered', () => {
  const serve = async (options, engineOptions) => {
    const { pp, logged } = engine(engineOptions);
    const handler = createHandler(pp, options);
    const server = createServer(handler.handle);
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    atEnd(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await handler.close();
    });
    const url = `http://127.0.0.1:${server.address().port}/pocketping`;
    const ask = async (path, { body, ...init } = {}) => {
      const json = { 'content-type': 'application/json' };
      const answer = await fetch(url + path, {
        ...init,
        headers: { ...(body !== undefined && json), ...init.headers },
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      });
      return { status: answer.status, ...(await answer.json()) };
    };
    const visitor = async () => {
      const { token, sessionId } = await ask('/connect', { body: { visitorId: 'browser-1' } });
      const headers = { authorization: `Bearer ${token}` };
      return { sessionId, post: (path, body) => ask(path, { body, headers }) };
    };
    return { ask, visitor, logged };
  };

  it('on another origin', async () => {
    const { ask } = await serve();
    const answer = await ask('/connect', {
      body: { visitorId: 'browser-1' },
      headers: { origin: 'https://shop.example.net' },
    });
    expect(answer.status).toBe(403);
    isOnThePage(answer.error.message);
  });

  it('behind a proxy that nobody named, once', async () => {
    const { ask, logged } = await serve();
    for (let times = 0; times < 2; times++)
      await ask('/health', { headers: { 'x-forwarded-for': '203.0.113.7' } });
    const warnings = logged().filter((message) => message.includes('X-Forwarded-For'));
    expect(warnings).toHaveLength(1);
    isOnThePage(warnings[0]);
  });

  it('too often', async () => {
    const { ask } = await serve({ rateLimits: { public: { requests: 1, perMs: 60_000 } } });
    await ask('/health');
    const answer = await ask('/health');
    expect(answer.status).toBe(429);
    isOnThePage(answer.error.message);
  });

  it('without a token, with a wrong one, and elsewhere', async () => {
    const { ask } = await serve();
    const body = { sessionId: 'sess_1', content: 'Hello' };
    for (const answer of [
      await ask('/message', { body }),
      await ask('/connect', { body: { visitorId: 'b' }, headers: { authorization: 'Bearer wrong' } }),
      await ask('/nowhere'),
    ])
      isOnThePage(answer.error.message);
  });

  it('with a file that is too large, or where no files are taken', async () => {
    const files = await serve({}, { files: new MemoryFileStore(), uploads: { maxBytes: 1000 } });
    const none = await serve();
    const expected = [
      [files, 413],
      [none, 404],
    ];
    for (const [{ visitor }, status] of expected) {
      const { post, sessionId } = await visitor();
      const answer = await post('/upload', {
        sessionId,
        name: 'a.png',
        mimeType: 'image/png',
        size: 1001,
      });
      expect(answer.status).toBe(status);
      isOnThePage(answer.error.message);
    }
  });

  it('as a backend without the API key, or with another', async () => {
    const { ask } = await serve({ bridgeApi: { apiKey: 'x'.repeat(32) } });
    const keyless = await serve({ bridgeApi: {} });
    const forwarded = { 'x-forwarded-for': '203.0.113.7' };
    for (const answer of [
      await ask('/api/events/stream'),
      await ask('/api/events/stream', { headers: { authorization: 'Bearer wrong' } }),
      await keyless.ask('/api/events/stream', { headers: forwarded }),
    ]) {
      expect(answer.status).toBe(401);
      isOnThePage(answer.error.message);
    }
  });
});
