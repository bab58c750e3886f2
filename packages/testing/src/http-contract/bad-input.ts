import { describe, expect, it } from 'vitest';
import { RawConnection } from './raw.js';
import type { HttpContract } from './subject.js';
import { expectRefusal, type Visitor } from './visitor.js';
import { openWorld, until } from './world.js';

export const describeBadInput = (contract: HttpContract): void => {
  describe('bad input', () => {
    const visitorOf = async () => {
      const world = await openWorld(contract);
      return { world, visitor: await world.visitor() };
    };
    /** Nothing was written by what was refused. */
    const expectUnchanged = async (visitor: Visitor) => expect((await visitor.events()).events).toEqual([]);

    it.each([
      ['nothing', ''],
      ['half of it', '{"sessionId":'],
      ['words', 'hello'],
      ['two values', '{} {}'],
      ['JavaScript', "{content:'x'}"],
    ])('refuses a body that is not JSON: %s', async (_what, raw) => {
      const { visitor } = await visitorOf();
      const answer = await visitor.ask('POST', '/message', { raw });
      if (contract.parsesFirst) expect(answer.status).toBe(400);
      else expectRefusal(answer, 400, 'invalid_json');
      await expectUnchanged(visitor);
    });

    it('refuses bytes that are not UTF-8 instead of guessing', async () => {
      const { visitor } = await visitorOf();
      const json = JSON.stringify({ sessionId: visitor.sessionId, content: 'caf?' });
      const raw = Buffer.from(json);
      raw[json.indexOf('?')] = 0xe9;
      const answer = await visitor.ask('POST', '/message', { raw });
      // A parser that ran before has replaced them already.
      if (contract.parsesFirst) return expect(await visitor.contents()).toEqual(['caf\ufffd']);
      expectRefusal(answer, 400, 'invalid_json');
      await expectUnchanged(visitor);
    });

    it.each<[what: string, fields: Record<string, unknown>]>([
      ['no content', { content: undefined }],
      ['empty content', { content: '' }],
      ['blank content', { content: ' \n\t ' }],
      ['a number for content', { content: 42 }],
      ['an object for content', { content: { text: 'x' } }],
      ['a list for content', { content: ['x'] }],
      ['null for content', { content: null }],
      ['4,001 characters', { content: 'x'.repeat(4001) }],
      ['a lone high surrogate', { content: 'a\ud800b' }],
      ['a lone low surrogate', { content: '\udc00' }],
      ['a NUL', { content: 'a\u0000b' }],
      ['no session', { sessionId: undefined }],
      ['a number for the session', { sessionId: 7 }],
      ['a space in an id', { clientMessageId: 'a b' }],
      ['an endless id', { clientMessageId: 'x'.repeat(129) }],
      ['an empty id', { replyTo: '' }],
    ])('refuses a message with %s', async (_what, fields) => {
      const { visitor } = await visitorOf();
      const body = { sessionId: visitor.sessionId, content: 'x', ...fields };
      const answer = await visitor.post('/message', body);
      expectRefusal(answer, 400, 'validation_failed');
      const field = Object.keys(fields)[0];
      const { details } = (answer.json as { error: { details: object[] } }).error;
      expect(details[0]).toEqual({ path: field, message: expect.any(String) });
      await expectUnchanged(visitor);
    });

    it.each(['null', '[]', '"text"', '7', 'true'])('refuses the JSON value %s', async (raw) => {
      const { visitor } = await visitorOf();
      const answer = await visitor.ask('POST', '/message', { raw });
      // Some parsers take objects and lists only.
      if (contract.parsesFirst) expect(answer.status).toBe(400);
      else expectRefusal(answer, 400, 'validation_failed');
      await expectUnchanged(visitor);
    });

    it('refuses to connect nobody', async () => {
      const { world } = await visitorOf();
      const stranger = world.stranger();
      for (const body of [
        {},
        { visitorId: '' },
        { visitorId: 'a b' },
        { visitorId: 'ü' },
        { visitorId: null },
      ]) {
        expectRefusal(await stranger.post('/connect', body), 400, 'validation_failed');
      }
      expectRefusal(
        await stranger.post('/connect', { visitorId: 'v', secret: 'short' }),
        400,
        'validation_failed',
      );
      expect(await world.pp.getSessions()).toHaveLength(1);
    });

    it('cuts and cleans what a browser tells about itself, rather than refuse it', async () => {
      const { world } = await visitorOf();
      const visitor = world.stranger();
      await visitor.connect({
        metadata: { pageTitle: `${'x'.repeat(2000)}`, language: 'a\ud800\u0000', more: 1 },
      });
      const metadata = (await world.pp.getSession(visitor.sessionId))?.metadata;
      expect(metadata).toMatchObject({ pageTitle: 'x'.repeat(1024), language: 'a\ufffd\ufffd' });
      expect(metadata).not.toHaveProperty('more');
    });

    it('refuses identities that say nothing, or too much', async () => {
      const { visitor } = await visitorOf();
      const { sessionId } = visitor;
      for (const identity of [
        {},
        { unknown: 'x' },
        { name: 7 },
        { name: 'x'.repeat(257) },
        { metadata: { a: {} } },
      ]) {
        const answer = await visitor.post('/identify', { sessionId, identity });
        expectRefusal(answer, 400, 'validation_failed');
      }
    });

    it('is not impressed by __proto__', async () => {
      const { world, visitor } = await visitorOf();
      const { sessionId } = visitor;
      const raw =
        `{"sessionId":"${sessionId}","content":"x","__proto__":{"polluted":true},` +
        '"constructor":{"prototype":{"polluted":true}}}';
      expect(await visitor.ask('POST', '/message', { raw })).toMatchObject({ status: 200 });
      const inherited = `{"sessionId":"${sessionId}","__proto__":{"content":"inherited"}}`;
      expectRefusal(await visitor.ask('POST', '/message', { raw: inherited }), 400, 'validation_failed');
      const identity =
        `{"sessionId":"${sessionId}","identity":{"name":"x","__proto__":{"email":"a@b"},` +
        '"metadata":{"plan":"pro","\\u005f_proto__":{"polluted":true},"__proto__":"y"}}}';
      const identified = await visitor.ask('POST', '/identify', { raw: identity });
      expect(identified).toMatchObject({
        status: 200,
        json: { identity: { name: 'x', metadata: { plan: 'pro' } } },
      });
      expect(identified.text).not.toContain('proto');
      expect(({} as { polluted?: true }).polluted).toBeUndefined();
      const stored = (await world.pp.getSession(sessionId))?.identity;
      expect(stored).not.toHaveProperty('email');
      expect(Object.getPrototypeOf(stored?.metadata)).toBe(Object.prototype);
      expect(await visitor.contents()).toEqual(['x']);
    });

    it('survives JSON nested deeper than any stack', async () => {
      const { visitor } = await visitorOf();
      const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
      const answer = await visitor.ask('POST', '/message', {
        raw: `{"sessionId":"${visitor.sessionId}","content":${deep}}`,
      });
      expectRefusal(answer, 400, 'validation_failed');
    });

    it.each([
      ['text/plain'],
      ['application/x-www-form-urlencoded'],
      ['multipart/form-data; boundary=x'],
      ['application/jsonp'],
      ['application/json; charset=utf-16'],
    ])('refuses a body of type %s', async (type) => {
      const { visitor } = await visitorOf();
      const answer = await visitor.ask('POST', '/message', {
        raw: JSON.stringify({ sessionId: visitor.sessionId, content: 'x' }),
        headers: { 'content-type': type },
      });
      if (contract.parsesFirst && type.includes('charset')) expect([400, 415]).toContain(answer.status);
      else expectRefusal(answer, 415, 'unsupported_media_type');
      await expectUnchanged(visitor);
    });

    it.each([['application/json;charset=UTF-8'], ['Application/JSON; charset="utf-8"']])(
      'takes a body of type %s',
      async (type) => {
        const { visitor } = await visitorOf();
        const answer = await visitor.post(
          '/message',
          { sessionId: visitor.sessionId, content: 'x' },
          { headers: { 'content-type': type } },
        );
        expect(answer).toMatchObject({ status: 200 });
      },
    );

    it('refuses what does not exist, each in its way', async () => {
      const { visitor } = await visitorOf();
      const { sessionId } = visitor;
      const { messageId } = await visitor.send('x');
      await visitor.post('/delete', { sessionId, messageId });
      const before = await visitor.events();
      const refusals: [Promise<Parameters<typeof expectRefusal>[0]>, number, string][] = [
        [visitor.post('/message', { sessionId: 'sess_unknown', content: 'x' }), 404, 'session_not_found'],
        [visitor.get('/events', { sessionId: 'sess_unknown' }), 404, 'session_not_found'],
        [visitor.post('/edit', { sessionId, messageId, content: 'y' }), 409, 'message_deleted'],
        [
          visitor.post('/edit', { sessionId, messageId: 'msg_unknown', content: 'y' }),
          404,
          'message_not_found',
        ],
        [visitor.ask('DELETE', `/message/msg_unknown?sessionId=${sessionId}`), 404, 'message_not_found'],
        [visitor.ask('DELETE', `/message/${messageId}`), 400, 'validation_failed'],
        [visitor.ask('GET', '/nothing'), 404, 'not_found'],
        [visitor.ask('GET', '/message/a/b'), 404, 'not_found'],
        [visitor.ask('GET', '/__proto__'), 404, 'not_found'],
        [visitor.ask('GET', '/constructor'), 404, 'not_found'],
      ];
      for (const [answer, status, code] of refusals) expectRefusal(await answer, status, code);
      expect(await visitor.events()).toEqual(before);
    });

    it('refuses a path that is no percent-encoding', async () => {
      const visitor = await (await openWorld(contract)).visitor();
      const body = { sessionId: visitor.sessionId, content: 'x' };
      const answer = await visitor.ask('PATCH', '/message/%E0%A4%A', { body });
      if (contract.decodesPaths) expect(answer.status).toBe(contract.decodesPaths);
      else expectRefusal(answer, 404, 'not_found');
    });

    it('names the methods that a route has', async () => {
      const { visitor } = await visitorOf();
      for (const [method, path, allow] of [
        ['GET', '/message', 'POST, OPTIONS'],
        ['PUT', '/message', 'POST, OPTIONS'],
        ['DELETE', '/message', 'POST, OPTIONS'],
        ['POST', '/messages', 'GET, HEAD, OPTIONS'],
        ['POST', '/message/x', 'PATCH, DELETE, OPTIONS'],
      ] as const) {
        const answer = await visitor.ask(method, path);
        expectRefusal(answer, 405, 'method_not_allowed');
        expect(answer.headers.get('allow')).toBe(allow);
      }
    });

    it('keeps its own mistakes to itself', async () => {
      const world = await openWorld(contract, {}, () => ({
        send: () => Promise.reject(new Error('password of the database')),
      }));
      const visitor = await world.visitor();
      const answer = await visitor.post('/message', { sessionId: visitor.sessionId, content: 'x' });
      expectRefusal(answer, 500, 'internal_error');
      expect(answer.text).not.toContain('password');
      const { requestId } = (answer.json as { error: { requestId: string } }).error;
      expect(world.logger.lines).toContainEqual(
        expect.objectContaining({ level: 'error', fields: expect.objectContaining({ requestId }) }),
      );
    });

    it('serves others after all of that', async () => {
      const { world, visitor } = await visitorOf();
      const broken = new RawConnection(world.url);
      broken.write('\0\0 nonsense\r\n\r\n');
      await until(() => broken.closed);
      await visitor.send('fine');
    });
  });
};
