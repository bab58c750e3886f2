import { LIMITS } from '@pocketping/protocol';
import { describe, expect, it } from 'vitest';
import { RawConnection } from './raw.js';
import type { HttpContract } from './subject.js';
import { expectRefusal, type Visitor } from './visitor.js';
import { openWorld } from './world.js';

const MiB = 1024 * 1024;

/** How a body comes over the network, whatever it says. */
export const describeBodies = (contract: HttpContract): void => {
  describe('a body', () => {
    const visitorOf = async () => {
      const world = await openWorld(contract);
      return { world, visitor: await world.visitor() };
    };
    /** Nothing was written by what was refused. */
    const expectUnchanged = async (visitor: Visitor) => expect((await visitor.events()).events).toEqual([]);

    it('puts a character together that came in two packets', async () => {
      const { visitor } = await visitorOf();
      const body = Buffer.from(JSON.stringify({ sessionId: visitor.sessionId, content: 'a€b🧦' }));
      const cut = body.indexOf('€') + 1;
      const raw = new RawConnection(visitor.url);
      raw.head('POST', '/message', {
        authorization: `Bearer ${visitor.token}`,
        'content-type': 'application/json',
        'content-length': `${body.length}`,
      });
      raw.write(body.subarray(0, cut));
      // A whole round trip on another connection lies between the two.
      await visitor.events();
      raw.write(body.subarray(cut));
      await raw.hears('HTTP/1.1 200');
      expect(await visitor.contents()).toEqual(['a€b🧦']);
    });

    it('forgets an upload that is broken off', async () => {
      const { world, visitor } = await visitorOf();
      const raw = new RawConnection(visitor.url);
      raw.head('POST', '/message', {
        authorization: `Bearer ${visitor.token}`,
        'content-type': 'application/json',
        'content-length': '100',
      });
      raw.write('{"sessionId":"');
      await visitor.events();
      raw.socket.destroy();
      await raw.closes();
      await expectUnchanged(visitor);
      expect(world.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
    });

    // What the app's own parser does with a body that is too large is the app's choice.
    if (!contract.parsesFirst) {
      it('refuses a body that announces to be too large before it comes', async () => {
        const { visitor } = await visitorOf();
        const raw = new RawConnection(visitor.url);
        raw.head('POST', '/message', {
          authorization: `Bearer ${visitor.token}`,
          'content-type': 'application/json',
          'content-length': `${50 * MiB}`,
        });
        await raw.hears('"payload_too_large"');
        expect(raw.text).toMatch(/^HTTP\/1.1 413 /);
        raw.socket.destroy();
      });
    }

    if (!contract.parsesFirst && contract.ownsConnections !== false) {
      it.each([
        ['with a token', 'payload_too_large'],
        ['without one', 'unauthorized'],
      ])('stops reading 50 MB %s', async (what, code) => {
        const { world, visitor } = await visitorOf();
        const raw = new RawConnection(visitor.url);
        raw.head('POST', '/message', {
          ...(what === 'with a token' && { authorization: `Bearer ${visitor.token}` }),
          'content-type': 'application/json',
          'transfer-encoding': 'chunked',
        });
        const chunk = `${MiB.toString(16)}\r\n${' '.repeat(MiB)}\r\n`;
        let sent = 0;
        const pour = () => {
          while (sent < 50 && !raw.closed) {
            sent++;
            if (!raw.socket.write(chunk)) return;
          }
        };
        raw.socket.on('drain', pour);
        pour();
        await raw.hears(`"${code}"`);
        // The answer is complete; what the network has not taken by now will not be taken.
        await visitor.events();
        const taken = raw.socket.bytesWritten - raw.socket.writableLength;
        expect(taken).toBeLessThan(25 * MiB);
        await world.clock.advance(5000);
        await raw.closes();
        await expectUnchanged(visitor);
      });
    }

    it(`refuses a body of more than ${LIMITS.bodyBytes} bytes`, async () => {
      const { visitor } = await visitorOf();
      const answer = await visitor.post('/message', {
        sessionId: visitor.sessionId,
        content: 'x',
        padding: 'x'.repeat(LIMITS.bodyBytes),
      });
      expectRefusal(answer, 413, 'payload_too_large');
      await expectUnchanged(visitor);
    });
  });
};
