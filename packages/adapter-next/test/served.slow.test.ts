import { readFileSync } from 'node:fs';
import { MemoryStorage, PocketPing } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nextHandler } from '../src/index.js';
import { servedByNext } from './served-by-next.js';

const serve = servedByNext('served');

const open = async () => {
  const logger = recordingLogger();
  const pp = new PocketPing({ storage: new MemoryStorage(), logger });
  const { origin, close } = await serve(nextHandler(pp, { trustProxy: [] }));
  onTestFinished(async () => {
    await close();
    await pp.stop();
  });
  return { pp, origin, logger };
};

const post = (url: string, body: object, token?: string) =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });

describe('Next', () => {
  it('runs the example of the README', async () => {
    const route = 'app/app/api/pocketping/[...path]/route.js';
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(readFileSync(new URL(route, import.meta.url), 'utf8'));
    const { origin } = await open();
    const response = await post(`${origin}/api/pocketping/connect`, { visitorId: 'v' });
    expect(await response.json()).toMatchObject({ welcomeMessage: 'Hi! How can we help?' });
  });

  it.each([
    ['exports GET and POST only', '/two'],
    ['is behind a rewrite that strips its prefix', '/stripped'],
  ])('serves a route that %s', async (_how, mount) => {
    const { origin } = await open();
    const { sessionId, token } = (await (
      await post(`${origin}${mount}/connect`, { visitorId: 'v' })
    ).json()) as { sessionId: string; token: string };
    const sent = await post(`${origin}${mount}/message`, { sessionId, content: 'hello' }, token);
    const { messageId } = (await sent.json()) as { messageId: string };
    const edited = await post(`${origin}${mount}/edit`, { sessionId, messageId, content: 'hello!' }, token);
    expect(await edited.json()).toMatchObject({ message: { content: 'hello!' } });
    const gone = new AbortController();
    const stream = await fetch(`${origin}${mount}/stream?sessionId=${sessionId}&after=0`, {
      headers: { authorization: `Bearer ${token}` },
      signal: gone.signal,
    });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('"ping"')) text += (await reader?.read())?.value;
    expect(text).toContain('hello!');
    gone.abort();
  });

  it('delivers in after()', async () => {
    const { pp, origin, logger } = await open();
    const drained = new Promise((resolve) => {
      pp.drain = async () => {
        resolve(true);
        return { left: 0, bridges: [] };
      };
    });
    await post(`${origin}/two/connect`, { visitorId: 'v' });
    expect(await drained).toBe(true);
    expect(logger.lines.filter(({ message }) => message.includes('after()'))).toEqual([]);
  });

  it('gives a route that it renders statically no answer that others would get: the error says what to remove', async () => {
    const pp = new PocketPing({ storage: new MemoryStorage(), logger: recordingLogger() });
    const handler = nextHandler(pp);
    const thrown: unknown[] = [];
    const heard: typeof handler = Object.assign(
      (...asked: Parameters<typeof handler>) =>
        handler(...asked).catch((error: unknown) => {
          thrown.push(error);
          throw error;
        }),
      { close: handler.close },
    );
    const { origin, close } = await serve(heard);
    onTestFinished(async () => {
      await close();
      await pp.stop();
    });
    expect((await fetch(`${origin}/static/presence`)).status).toBe(500);
    expect(thrown.map(String)).toEqual([
      expect.stringContaining("Remove `export const dynamic = 'force-static'`"),
    ]);
  });

  it('has a route in a folder [path] say what the folder ought to be called', async () => {
    const { origin, logger } = await open();
    const response = await post(`${origin}/single/connect`, { visitorId: 'v' });
    expect([response.status, await response.json()]).toMatchObject([
      404,
      { error: { message: expect.stringContaining('Rename it to [...path]') } },
    ]);
    expect(logger.lines.map(({ level }) => level)).toEqual(['error']);
  });
});
