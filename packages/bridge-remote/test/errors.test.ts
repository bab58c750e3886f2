import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BridgeError } from '@pocketping/core';
import { streamOf } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RemoteBridge } from '../src/index.js';
import { at, call, card, note, postCall, THREAD } from './samples.js';
import { refused, scripted, taken } from './scripted.js';

const failed = async (calling: Promise<unknown>): Promise<BridgeError> => {
  const error: unknown = await calling.then(
    () => 'success',
    (reason: unknown) => reason,
  );
  if (!BridgeError.isInstance(error)) expect.fail(`expected a BridgeError, got ${String(error)}`);
  expect(error.message).not.toContain('secret');
  return error;
};

const html = (status: number) =>
  new Response('<h1>Hello</h1>', { status, headers: { 'content-type': 'text/html' } });

const served = async (handle: Parameters<typeof createServer>[1]): Promise<RemoteBridge> => {
  const server = createServer(handle as never);
  await listen(server);
  const { port } = server.address() as AddressInfo;
  return new RemoteBridge({ bridgeUrl: `http://127.0.0.1:${port}`, apiKey: 'secret' });
};

const listen = async (server: Server) => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
};

describe('an answer that is no success', () => {
  const MEANINGS = [
    [refused(400, 'validation_failed'), 'invalid', /It says validation_failed/],
    [refused(401, 'unauthorized'), 'unauthorized', /apiKey.*API_KEY/],
    [refused(403, 'forbidden'), 'unauthorized', /does not let this backend in/],
    [refused(404, 'session_not_found'), 'thread_gone', /POST \/api\/events/],
    [refused(404, 'message_not_found'), 'message_gone', /It says/],
    [refused(409, 'message_deleted'), 'message_gone', /It says/],
    [refused(409, 'session_ended'), 'invalid', /It says/],
    [refused(413, 'payload_too_large'), 'invalid', /It says/],
    [refused(415, 'unsupported_media_type'), 'invalid', /It says/],
    [refused(500, 'internal_error'), 'uncertain', /It says/],
    [refused(503, 'unavailable'), 'unavailable', /It says/],
    [refused(404, 'not_found'), 'misconfigured', /update it/],
    [html(404), 'misconfigured', /no PocketPing server.*bridgeUrl/],
    [html(200), 'misconfigured', /no PocketPing server.*bridgeUrl/],
    [html(401), 'unauthorized', /answered 401/],
    [html(413), 'invalid', /answered 413/],
    [html(502), 'uncertain', /answered 502/],
    [html(503), 'unavailable', /answered 503/],
    [html(504), 'uncertain', /answered 504/],
    [Response.json({ ok: true }), 'misconfigured', /no PocketPing server/],
  ] as const;

  it.each(MEANINGS.map(([answer, code, message]) => [answer.status, code, message, answer] as const))(
    'of %i means %s, and says %s',
    async (_, code, message, answer) => {
      const { bridge, answer: next } = scripted();
      next(() => answer.clone());
      const [part] = bridge.render(note('hello'));
      const error = await failed(bridge.post(THREAD, part as NonNullable<typeof part>, postCall()));
      expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
    },
  );

  it.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': 'Wed, 21 Jan 2026 09:00:09 GMT', date: 'Wed, 21 Jan 2026 09:00:00 GMT' }, 9000],
    [{}, 1000],
  ])('tells for how long to wait: %j', async (headers, retryAfterMs) => {
    const { bridge, answer } = scripted();
    answer(() => refused(429, 'rate_limited', headers as Record<string, string>));
    const error = await failed(bridge.open(card(), call()));
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs, scope: 'bot' });
  });

  it('that leads elsewhere is not followed, for it would take the key along', async () => {
    const asked: string[] = [];
    const bridge = await served((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(308, { location: '/elsewhere' }).end();
    });
    const error = await failed(bridge.open(card(), call()));
    expect(error).toMatchObject({ code: 'misconfigured', message: expect.stringContaining('/elsewhere') });
    expect(asked).toEqual(['/api/events']);
  });

  it('to a question that changes nothing is never uncertain', async () => {
    const { bridge, answer } = scripted();
    answer(() => refused(500, 'internal_error'));
    expect(await failed(bridge.access.check(call()))).toMatchObject({ code: 'unavailable' });
  });
});

describe('a call without an answer', () => {
  it('had surely no effect where nobody listens', async () => {
    const server = createServer();
    await listen(server);
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const bridge = new RemoteBridge({ bridgeUrl: `http://127.0.0.1:${port}` });
    expect(await failed(bridge.open(card(), call()))).toMatchObject({ code: 'unavailable' });
    const nowhere = new RemoteBridge({ bridgeUrl: 'http://nowhere.invalid' });
    expect(await failed(nowhere.open(card(), call()))).toMatchObject({ code: 'unavailable' });
  });

  it('may have had one where the connection breaks before the answer, or within it', async () => {
    const resets = await served((req) => req.socket.destroy());
    expect(await failed(resets.open(card(), call()))).toMatchObject({ code: 'uncertain' });
    const cuts = await served((req, res) => {
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      res.write('{"ok":true,');
      setTimeout(() => req.socket.destroy(), 5);
    });
    expect(await failed(cuts.open(card(), call()))).toMatchObject({ code: 'uncertain' });
  });

  it('ends with its signal, and then too', async () => {
    const silent = await served(() => {});
    const deadline = new AbortController();
    const posting = failed(silent.open(card(), call(deadline.signal)));
    setTimeout(() => deadline.abort(), 20);
    expect(await posting).toMatchObject({ code: 'uncertain' });
  });

  it('does not begin once its signal is aborted', async () => {
    const { bridge, asked } = scripted();
    const over = call(AbortSignal.abort());
    let opened = false;
    const file = {
      id: 'att_1',
      name: 'a.pdf',
      mimeType: 'application/pdf',
      size: 3,
      status: 'ready',
    } as const;
    const [part] = bridge.render(note('', { attachments: [file] }));
    const open = async () => {
      opened = true;
      return streamOf(new Uint8Array(3));
    };
    for (const calling of [
      () => bridge.open(card(), over),
      () => bridge.editing.remove(at('visitor-1'), over),
      () => bridge.post(THREAD, part as NonNullable<typeof part>, postCall({ ...over, open })),
      () => bridge.files.fetch('/files/att_1?key=k', over),
    ]) {
      expect(await failed(calling())).toMatchObject({ code: 'unavailable' });
    }
    expect([asked, opened]).toEqual([[], false]);
  });
});

it('what is answered is believed only where it tells which copy of the session it is', async () => {
  const { bridge, answer } = scripted();
  answer(() => taken({ mirroredAt: undefined }));
  expect(await failed(bridge.open(card(), call()))).toMatchObject({ code: 'misconfigured' });
});
