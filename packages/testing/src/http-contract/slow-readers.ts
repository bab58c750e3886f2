import { describe, expect, it } from 'vitest';
import { carriersOf } from './frames.js';
import type { HttpContract } from './subject.js';
import { openWorld } from './world.js';

/** Together far more than the network's own buffers hold. */
const MESSAGES = 300;
const TEXT = '€'.repeat(19_000);

export const describeSlowReaders = (contract: HttpContract): void => {
  describe.each(carriersOf(contract))('a slow reader of %s', (_name, open) => {
    it('is cut, and resumes with nothing lost', { timeout: 60_000 }, async () => {
      const world = await openWorld(contract, { streamBufferBytes: 64 * 1024, rateLimits: false });
      const visitor = await world.visitor();
      let reader = open(visitor, { after: 0 });
      await reader.upTo('ping');
      reader.carrier.pause();
      for (let i = 0; i < MESSAGES; i++) {
        await world.pp.sendMessage(visitor.sessionId, { content: `${i} ${TEXT}` });
      }
      reader.carrier.resume();

      const heard: number[] = [];
      let after = 0;
      let cuts = 0;
      while (heard.length < MESSAGES) {
        const frame = await reader.next();
        if (frame === undefined) {
          // Of a WebSocket the code says why; what is cut in the middle of a write may not get to say it.
          expect([4408, 1006, 0]).toContain((await reader.ended).code);
          cuts++;
          reader = open(visitor, { after });
        } else if (frame.type === 'message') {
          heard.push(Number.parseInt(frame.data.content, 10));
          after = frame.seq;
        }
      }
      expect(heard).toEqual(Array.from({ length: MESSAGES }, (_, i) => i));
      expect(cuts).toBeGreaterThan(0);
    });
  });
};
