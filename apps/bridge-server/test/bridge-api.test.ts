import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { telegram } from './platforms.js';
import { run, temporary } from './process.js';
import { call } from './visitor.js';

const API_KEY = 'a-key-of-many-letters';
const document = readFileSync(new URL('../BRIDGE_API.md', import.meta.url), 'utf8');

/** The document's calls in order, each with the answer that it shows. */
const calls = [...document.matchAll(/```sh\n((?:(?!```).)*)```\n+```(json|text)\n(.*?)```/gs)].map(
  ([, script = '', kind = '', answer = '']) => ({ script, kind, answer }),
);

/** What a shell prints that a person has typed it into. */
const typed = (script: string, env: Record<string, string>, cwd: string): string => {
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-e', '-c', script], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    encoding: 'utf8',
    timeout: 20_000,
  });
  if (status !== 0) throw new Error(`${script}\nended with ${status}: ${stderr}`);
  return stdout;
};

/** Times, and what the server makes up, are others every time. */
const likeShown = (value: unknown, key = ''): unknown => {
  if (/At$|^timestamp$|^position$|^url$/.test(key)) return `some ${key}`;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => likeShown(item));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, likeShown(item, name)]));
};

const framesOf = (stream: string) =>
  [...stream.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event, data = '']) => ({
    event,
    data: JSON.parse(data) as Record<string, unknown>,
  }));

describe('the bridge API', { timeout: 60_000 }, () => {
  it('answers every call of its document as that says, and shows the team what it was told', async () => {
    const { env, emulator, shows, all } = await telegram();
    const server = await run({ ...env, API_KEY });
    const shell = { BRIDGE: server.url, API_KEY };
    const folder = temporary();
    expect(calls.length).toBeGreaterThan(9);
    expect(document.match(/^curl /gm)?.length).toBe(calls.length);

    for (const { script, kind, answer } of calls) {
      if (kind === 'text') {
        const asked = await shows('Is the brass lamp in stock');
        emulator.operator({ name: 'Grace' }).type(asked.topicId as number, 'Yes, three of them.');
        const shown = framesOf(answer);
        const kinds = shown.map(({ event }) => event);
        let told: ReturnType<typeof framesOf> = [];
        await expect
          .poll(
            () => {
              told = framesOf(typed(script, shell, folder));
              return told.map(({ event }) => event);
            },
            { timeout: 15_000 },
          )
          .toEqual(kinds);
        const [message, example] = [told, shown].map(
          (frames) => frames.find(({ event }) => event === 'operator_message')?.data,
        );
        expect(Object.keys(message ?? {})).toEqual(Object.keys(example ?? {}));
        expect(message).toMatchObject({
          sessionId: 'sess_1001',
          operator: { name: 'Grace', via: 'telegram' },
          message: { content: 'Yes, three of them.', version: 1 },
        });
      } else {
        expect(likeShown(JSON.parse(typed(script, shell, folder)))).toEqual(likeShown(JSON.parse(answer)));
      }
    }

    await shows('Is the brass lamp in stock, the tall one?');
    await shows('I am looking it up.');
    await shows('The AI answers from here on (nobody answered for five minutes)');
    await shows('clicked_pricing');
    await expect.poll(() => emulator.calls.filter(({ method }) => method === 'sendDocument').length).toBe(1);
    expect(all()).toContain('Mia');
  });

  it('takes no key that is not the one, and none where it wants one', async () => {
    const { url } = await run({ API_KEY });
    const to = (authorization?: string) =>
      call(`${url}/api/sessions`, {
        body: { id: 'sess_1', visitorId: 'vis_1' },
        ...(authorization !== undefined && { headers: { authorization } }),
      });
    for (const authorization of [
      undefined,
      'Bearer wrong',
      `Basic ${API_KEY}`,
      `Bearer ${API_KEY}x`,
      'Bearer ',
    ]) {
      expect(await to(authorization)).toMatchObject({
        status: 401,
        body: { error: { code: 'unauthorized' } },
      });
    }
    expect((await to()).body.error.message).toContain('Send the server’s API key');
    expect((await to('Bearer wrong')).body.error.message).toContain('Compare it with API_KEY');
    expect((await to(`Bearer ${API_KEY}`)).status).toBe(200);
    expect((await call(`${url}/api/events/stream`)).status).toBe(401);
    expect((await call(`${url}/api/attachments/att_1?messageId=msg_1`)).status).toBe(401);
  });

  it('answers programs on its machine alone where it has no key, and says so', async () => {
    const server = await run();
    const to = (headers: Record<string, string> = {}) =>
      call(`${server.url}/api/sessions`, { body: { id: 'sess_1', visitorId: 'vis_1' }, headers });
    expect((await to()).status).toBe(200);
    // What a proxy forwards, and what a website makes a browser send.
    for (const headers of [
      { 'x-forwarded-for': '203.0.113.9' },
      { forwarded: 'for=203.0.113.9' },
      { origin: server.url },
      { referer: 'https://evil.example/' },
    ])
      expect((await to(headers)).status).toBe(401);
    const { hostname, port } = new URL(server.url);
    const rebound = await new Promise<string>((answered) => {
      const socket = connect(Number(port), hostname, () =>
        socket.end(
          'POST /api/sessions HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
        ),
      );
      socket.once('data', (chunk) => answered(String(chunk)));
    });
    expect(rebound).toMatch(/^HTTP\/1.1 401 /);
    expect((await to({ origin: server.url })).body.error.message).toContain('Set API_KEY there');
    expect(server.output()).toContain('API_KEY is not set');
  });

  it.each([{ TRUST_PROXY: 'loopback' }, { PUBLIC_URL: 'https://chat.example.com' }])(
    'answers nobody where it has no key and is behind a proxy, as %o says',
    async (env) => {
      const server = await run(env);
      const asked = await call(`${server.url}/api/sessions`, { body: { id: 'sess_1', visitorId: 'vis_1' } });
      expect(asked).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } });
      expect(asked.body.error.message).toContain('is behind a proxy, so its bridge API answers nobody');
      expect(server.output()).toContain('the bridge API under /api answers nobody');
    },
  );

  it('changes nothing for what it does not understand', async () => {
    const { env, all } = await telegram();
    const { url } = await run(env);
    const post = (path: string, body: unknown) => call(`${url}/api${path}`, { body });
    await post('/sessions', { id: 'sess_1', visitorId: 'vis_1' });
    const refused = async (path: string, body: unknown, code: string, status: number) =>
      expect(await post(path, body)).toMatchObject({ status, body: { error: { code } } });
    await refused('/events', { type: 'visitor_left', sessionId: 'sess_1' }, 'validation_failed', 400);
    await refused('/events', { sessionId: 'sess_1' }, 'validation_failed', 400);
    await refused('/events', [], 'validation_failed', 400);
    await refused('/messages', { sessionId: 'sess_1' }, 'validation_failed', 400);
    await refused('/messages', { sessionId: 'sess_2', content: 'hello' }, 'session_not_found', 404);
    const lost = { sessionId: 'sess_1', mirroredAt: '2001-01-01T00:00:00.000Z' };
    await refused('/events', { type: 'notice', text: 'x', ...lost }, 'session_not_found', 404);
    await refused('/sessions', { id: 'sess_1', visitorId: 'vis_2' }, 'conflict', 409);
    await refused('/sessions', { id: 'sess_1', visitorId: 'vis_1', origin: 'other' }, 'conflict', 409);
    await refused(
      '/messages',
      { sessionId: 'sess_1', content: 'x', replyTo: 'none' },
      'message_not_found',
      404,
    );
    const gone = { type: 'visitor_message_edited', sessionId: 'sess_1', message: { id: 'no', content: 'x' } };
    await refused('/events', gone, 'message_not_found', 404);
    const half = await fetch(`${url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"sessionId":"sess_1","content":"half a',
    });
    expect(half.status).toBe(400);
    expect(await half.json()).toMatchObject({ error: { code: 'invalid_json' } });
    const { hostname, port } = new URL(url);
    await new Promise<void>((closed) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          'POST /api/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 48\r\n\r\n{"sessionId":"sess_1",',
          () => socket.destroy(),
        );
      });
      socket.once('close', () => closed());
    });
    expect((await post('/messages', { sessionId: 'sess_1', id: 'msg_1', content: 'whole' })).status).toBe(
      200,
    );
    await expect.poll(all, { timeout: 15_000 }).toContain('whole');
    expect(all()).not.toContain('half');
  });

  it('lets nobody into a mirrored session over the visitor protocol', async () => {
    const { url } = await run();
    await call(`${url}/api/sessions`, { body: { id: 'sess_1', visitorId: 'vis_1' } });
    await call(`${url}/api/messages`, { body: { sessionId: 'sess_1', content: 'confidential' } });
    const connected = await call(`${url}/connect`, { body: { visitorId: 'vis_1', sessionId: 'sess_1' } });
    expect(connected.body).toMatchObject({ visitorId: 'vis_1', messages: [] });
    expect(connected.body.sessionId).not.toBe('sess_1');
    const headers = { authorization: `Bearer ${connected.body.token}` };
    expect((await call(`${url}/messages?sessionId=sess_1`, { headers })).status).toBe(404);
    expect((await call(`${url}/connect`, { body: { visitorId: 'default vis_1' } })).status).toBe(400);
    for (const token of ['mirrored default vis_1', 'mirrored'])
      expect(
        (await call(`${url}/messages?sessionId=sess_1`, { headers: { authorization: `Bearer ${token}` } }))
          .status,
      ).toBe(401);
    // Nor does the API write in sessions of this server’s own visitors.
    const own = { sessionId: connected.body.sessionId, content: 'not theirs' };
    expect((await call(`${url}/api/messages`, { body: own })).status).toBe(404);
  });
});
