import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answering, Running } from '../src/running.js';

const response = () => new ServerResponse(new IncomingMessage(new Socket()));

describe('the requests that are being answered', () => {
  it('are those that came and have not left, whatever the order', () => {
    const orders = fc.array(fc.record({ comes: fc.boolean(), which: fc.nat() }), { maxLength: 60 });
    fc.assert(
      fc.property(orders, (steps) => {
        const running = new Running();
        const there: Answering[] = [];
        for (const { comes, which } of steps) {
          if (comes) there.push(running.add(response()));
          else if (there.length > 0) running.remove(there.splice(which % there.length, 1)[0] as Answering);
          expect(running.size).toBe(there.length);
          expect(new Set(running.responses())).toEqual(new Set(there.map(({ res }) => res)));
        }
      }),
    );
  });
});
