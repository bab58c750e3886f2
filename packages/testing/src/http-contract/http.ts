import { describe, expect, it } from 'vitest';
import { RawConnection } from './raw.js';
import type { HttpContract } from './subject.js';
import { Visitor } from './visitor.js';
import { openWorld, until } from './world.js';

export const describeHttp = (contract: HttpContract): void => {
  describe('HTTP', () => {
    it('keeps answers out of caches and to their type', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      for (const answer of [await visitor.get('/messages'), await visitor.ask('GET', '/nothing')]) {
        expect(Object.fromEntries(answer.headers)).toMatchObject({
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
          vary: expect.stringMatching(/\bOrigin\b/),
        });
        expect(answer.headers.get('content-type')).toBe('application/json');
      }
    });

    it('tolerates a slash at the end', async () => {
      const visitor = await (await openWorld(contract)).visitor();
      const { sessionId } = visitor;
      expect(await visitor.post('/message/', { sessionId, content: 'x' })).toMatchObject({ status: 200 });
      expect(await visitor.ask('GET', '/health/')).toMatchObject({ status: 200 });
    });

    it('answers HEAD like GET, without the body', async () => {
      const world = await openWorld(contract);
      const anybody = new Visitor(world.url, 'anybody');
      const get = await anybody.ask('GET', '/health');
      const head = await anybody.ask('HEAD', '/health');
      expect(head).toMatchObject({ status: 200, text: '' });
      // Of an answer that is compressed on its way, nobody knows the length.
      const length = get.headers.get('content-length');
      if (length !== null) expect(head.headers.get('content-length')).toBe(length);
      expect(await anybody.ask('HEAD', '/nothing')).toMatchObject({ status: 404, text: '' });
    });

    it('answers several requests of one connection, pipelined, in their order', async () => {
      const world = await openWorld(contract);
      const raw = new RawConnection(world.url);
      raw.head('GET', '/health', {});
      raw.head('GET', '/nothing', {});
      raw.head('GET', '/presence', { connection: 'close' });
      await raw.closes();
      expect(raw.text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200']);
    });

    it('keeps a connection after a refusal', async () => {
      const world = await openWorld(contract);
      const raw = new RawConnection(world.url);
      raw.head('POST', '/message', { 'content-type': 'application/json', 'content-length': '9' });
      raw.write('{"a":"b"}');
      raw.head('GET', '/health', { connection: 'close' });
      await raw.closes();
      expect(raw.text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 200']);
    });

    it('tells a client that asks first to go on', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const body = JSON.stringify({ sessionId: visitor.sessionId, content: 'x' });
      const raw = new RawConnection(world.url);
      raw.head('POST', '/message', {
        authorization: `Bearer ${visitor.token}`,
        'content-type': 'application/json',
        'content-length': `${body.length}`,
        expect: '100-continue',
      });
      await raw.hears('HTTP/1.1 100');
      raw.write(body);
      await raw.hears('HTTP/1.1 200');
      raw.socket.destroy();
      expect(await visitor.contents()).toEqual(['x']);
    });

    it('lets go of a waiting poll whose client is gone', async () => {
      const signals: AbortSignal[] = [];
      const world = await openWorld(contract, {}, (real) => ({
        events: (actor, query, signal) => {
          signals.push(signal);
          return real.events(actor, query, signal);
        },
      }));
      const visitor = await world.visitor();
      const raw = new RawConnection(world.url);
      raw.head('GET', `/events?sessionId=${visitor.sessionId}&after=1&wait=25`, {
        authorization: `Bearer ${visitor.token}`,
      });
      await until(() => signals.length === 1);
      expect(signals[0]?.aborted).toBe(false);
      raw.socket.destroy();
      await until(() => signals[0]?.aborted === true);
    });
  });
};
