import { virtualClock } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { Heartbeat } from '../src/heartbeat.js';

const joined = (count: number) => {
  const clock = virtualClock();
  const heartbeat = new Heartbeat(clock);
  const start = clock.now();
  const streams = Array.from({ length: count }, () => {
    const beats: number[] = [];
    const turn = heartbeat.join({ beat: () => void beats.push(clock.now() - start) });
    return { beats, turn };
  });
  return { clock, heartbeat, streams };
};

describe('a heartbeat', () => {
  it('comes to everybody after 15 to 25 s, and then every 25 s', async () => {
    const { clock, streams } = joined(200);
    await clock.advance(100_000);
    for (const { beats } of streams) {
      const [first = 0, ...later] = beats;
      expect(first).toBeGreaterThanOrEqual(15_000);
      expect(first).toBeLessThanOrEqual(25_000);
      expect(later.slice(0, 2)).toEqual([first + 25_000, first + 50_000]);
    }
  });

  it('does not come to all at once, although all came together', async () => {
    const { clock, streams } = joined(1000);
    await clock.advance(25_000);
    const atOnce = new Map<number, number>();
    for (const { beats } of streams) {
      const [at = 0] = beats;
      atOnce.set(at, (atOnce.get(at) ?? 0) + 1);
    }
    // 50 each on average, of 20 turns.
    expect(Math.max(...atOnce.values())).toBeLessThan(150);
  });

  it('ends for who leaves, and keeps no timer once nobody is left', async () => {
    const clock = virtualClock();
    const heartbeat = new Heartbeat(clock);
    let beats = 0;
    const one = { beat: () => void beats++ };
    for (let round = 1; round <= 2; round++) {
      const turn = heartbeat.join(one);
      expect(clock.pending).toBe(1);
      await clock.advance(25_000);
      expect(beats).toBe(round);
      turn.delete(one);
      await clock.advance(60_000);
      expect([beats, clock.pending]).toEqual([round, 0]);
    }
  });
});
