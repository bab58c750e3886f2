import { virtualClock } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';

describe('the virtual clock', () => {
  it('stands still until it is moved', async () => {
    const clock = virtualClock(1000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).toBe(1000);
    await clock.advance(5);
    expect(clock.now()).toBe(1005);
  });

  it('runs what is due in order, each at its own instant', async () => {
    const clock = virtualClock(0);
    const log: string[] = [];
    clock.schedule(30, () => log.push(`c ${clock.now()}`));
    clock.schedule(10, () => log.push(`a ${clock.now()}`));
    clock.schedule(10, () => log.push(`b ${clock.now()}`));
    clock.schedule(31, () => log.push('never'));
    await clock.advance(30);
    expect(log).toEqual(['a 10', 'b 10', 'c 30']);
    expect(clock.pending).toBe(1);
  });

  it('lets what ran set new timers within the time that passes', async () => {
    const clock = virtualClock(0);
    const instants: number[] = [];
    const loop = async () => {
      while (instants.length < 3) {
        await clock.sleep(10);
        instants.push(clock.now());
      }
    };
    const running = loop();
    await clock.advance(100);
    await running;
    expect(instants).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(100);
  });

  it('cancels, and ends a sleep whose signal is aborted', async () => {
    const clock = virtualClock(0);
    let ran = false;
    const cancel = clock.schedule(10, () => {
      ran = true;
    });
    cancel();
    cancel();
    const abort = new AbortController();
    const sleeping = clock.sleep(1e9, abort.signal);
    abort.abort();
    await sleeping;
    await clock.sleep(1e9, AbortSignal.abort());
    await clock.advance(20);
    expect(ran).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('can be set back, as a machine can', async () => {
    const clock = virtualClock(1000);
    const instants: number[] = [];
    clock.schedule(10, () => instants.push(clock.now()));
    clock.set(500);
    await clock.advance(10);
    expect(instants).toEqual([510]);
  });
});
