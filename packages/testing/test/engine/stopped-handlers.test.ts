import { MemoryStorage, type PublicSession } from '@pocketping/core';
import { describe, expect, it, vi } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { type House, house, visitor } from './house.js';

type Guest = Awaited<ReturnType<typeof visitor>>;

const trigger = ({ pp }: Pick<House, 'pp'>, { actor, sessionId }: Guest, name: string, data?: object) =>
  pp.conversation.trigger(actor, { sessionId, name, ...(data && { data: data as Record<string, never> }) });

describe('an engine that is stopped while handlers run', () => {
  /** What a promise has come to. */
  const watch = (promise: Promise<unknown>) => {
    const state = { isOver: false };
    promise.then(() => {
      state.isOver = true;
    });
    return state;
  };

  it('works for them, and for those that wait, until they have finished', async () => {
    const bridge = new FakeBridge();
    const home = house({ bridge });
    const { pp, clock, storage } = home;
    const guest = await visitor(home);
    const closed = vi.fn();
    Object.assign(storage, { close: async () => void closed() });
    const done: unknown[] = [];
    pp.onEvent('order', async ({ data }, { id }) => {
      await clock.sleep(1000);
      const { content } = await pp.sendMessage(id, { content: `order ${data?.number}` });
      await pp.emitEvent(id, 'ack');
      done.push(content, (await pp.getSession(id))?.status, closed.mock.calls.length);
    });
    await guest.say('hello');
    for (let number = 1; number <= 3; number++) await trigger(home, guest, 'order', { number });
    await clock.advance(500);
    const stop = watch(pp.stop());
    await clock.advance(2499);
    expect(stop.isOver).toBe(false);
    await clock.advance(1);
    expect(stop.isOver).toBe(true);
    expect(done).toEqual([1, 2, 3].flatMap((number) => [`order ${number}`, 'open', 0]));
    expect(closed).toHaveBeenCalledTimes(1);
    await expect(pp.getSessions()).rejects.toThrow(/stopped/);
    expect(clock.pending).toBe(0);
  });

  it('takes nothing more from visitors meanwhile', async () => {
    const home = house();
    const { pp, clock } = home;
    const guest = await visitor(home);
    const handler = vi.fn(() => clock.sleep(1000));
    pp.onMessage(handler);
    await guest.say('in time');
    await clock.advance(0);
    const stop = watch(pp.stop());
    await clock.advance(0);
    await expect(guest.say('too late')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(visitor(home, 'vis_two')).rejects.toMatchObject({ code: 'unavailable' });
    await clock.advance(1000);
    expect([stop.isOver, handler.mock.calls.length]).toEqual([true, 1]);
  });

  it('waits half a minute, however many hang, and calls none of those that wait then', async () => {
    const home = house();
    const { pp, clock, logger } = home;
    const calls: PublicSession[] = [];
    pp.onMessage((session) => {
      calls.push(session);
      return new Promise(() => {});
    });
    const [one, two] = [await visitor(home), await visitor(home, 'vis_two')];
    for (const content of ['a', 'b', 'c']) await one.say(content);
    await two.say('d');
    await clock.advance(10_000);
    const stop = watch(pp.stop());
    await clock.advance(29_999);
    expect(stop.isOver).toBe(false);
    await clock.advance(1);
    expect(stop.isOver).toBe(true);
    // The second call of the first session began after 30 s.
    expect(calls).toHaveLength(3);
    expect(logger.lines.at(-1)).toMatchObject({
      level: 'warn',
      fields: { sessions: 1, waiting: 1 },
      message: expect.stringMatching(/^handlers have not finished after 30 s/),
    });
    await clock.advance(300_000);
    expect(calls).toHaveLength(3);
  });

  it('stays alive for as long as it waits, though no timer of ours keeps a process', async () => {
    const home = house();
    const { pp, clock } = home;
    const release = vi.fn();
    const keepAlive = vi.fn(() => release);
    Object.assign(clock, { keepAlive });
    pp.onSessionStart(() => clock.sleep(1000));
    await visitor(home);
    await clock.advance(0);
    const stopped = pp.stop();
    await clock.advance(999);
    expect([keepAlive.mock.calls.length, release.mock.calls.length]).toEqual([1, 0]);
    await clock.advance(1);
    await stopped;
    expect(release).toHaveBeenCalledTimes(1);
  });

  it('stops at once where none runs', async () => {
    const { pp, clock } = house({ storage: new MemoryStorage(), onMessage: () => {} });
    const stop = watch(pp.stop());
    await clock.advance(0);
    expect(stop.isOver).toBe(true);
  });
});
