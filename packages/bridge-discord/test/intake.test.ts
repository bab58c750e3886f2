import { BridgeError, type Inbound } from '@pocketping/core';
import { hostInTest, virtualClock } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { Intake } from '../src/intake.js';

const inbound = (platformId: string): Inbound => ({
  kind: 'delete',
  operator: { id: '1', name: 'Ada' },
  at: 0,
  ref: { chatId: 'c', platformId },
});

const world = () => {
  const clock = virtualClock();
  const stop = new AbortController();
  const all = hostInTest();
  all.host.clock = clock;
  const taken = () => all.received.map(({ ref }) => ref.platformId);
  return { ...all, clock, stop, taken, intake: new Intake(all.host, stop.signal) };
};

describe('the intake', () => {
  it('keeps what could not be asked for in its place, and waits longer each time', async () => {
    const { clock, intake, taken } = world();
    const asked: number[] = [];
    intake.add(async () => {
      asked.push(clock.now());
      if (asked.length < 6) throw new BridgeError('unavailable', 'away');
      return inbound('1');
    });
    intake.add(async () => inbound('2'));
    await clock.advance(60_000);
    expect(taken()).toEqual(['1', '2']);
    const waits = asked.slice(1).map((at, index) => at - (asked[index] as number));
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(125 * 2 ** index);
      expect(wait).toBeLessThanOrEqual(250 * 2 ** index);
    }
  });

  it('lets go of what is too much, and asks for it when the rest is stored', async () => {
    const { host, clock, intake, received, told } = world();
    let away = true;
    host.receive = async (inbound) => {
      if (away) throw new Error('The storage is away');
      received.push(inbound);
    };
    for (let at = 0; at < 10_005; at++) intake.add(async () => inbound(String(at)));
    await clock.advance(1000);
    expect(told).toEqual([]);
    away = false;
    await clock.advance(60_000);
    await intake.settled();
    expect(told).toEqual(['missed']);
    expect(received.length).toBeLessThan(10);
  });

  it('stops at once, also in the middle of a wait, and takes nothing more', async () => {
    const { host, clock, intake, received, stop } = world();
    host.receive = async () => {
      throw new Error('The storage is away');
    };
    intake.add(async () => inbound('1'));
    await clock.advance(10);
    stop.abort();
    await intake.settled();
    intake.add(async () => inbound('2'));
    await clock.advance(60_000);
    expect(received).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
