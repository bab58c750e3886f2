import { MemoryStorage, PocketPing } from '@pocketping/core';
import { virtualClock } from '../../src/clock.js';
import { recordingLogger } from '../../src/logger.js';
import { FakeBridge } from './fake-bridge.js';
import { visitor } from './house.js';

/**
 * Two nodes over one storage and one bridge, which the first has. That node dies before or after one of the calls that it
 * makes to either, once it is armed: the call that is under way never returns, and neither does any later one.
 */
export const nodesOfWhichOneDies = async (dieAt: number, bridge = new FakeBridge()) => {
  const clock = virtualClock();
  const inner = new MemoryStorage({ clock });
  let calls = 0;
  let dead = false;
  let armed = false;
  const tick = async () => {
    if (!armed) return;
    if (!dead && ++calls === dieAt) dead = true;
    if (dead) await new Promise<void>(() => {});
  };
  const around =
    (target: object, call: (...args: unknown[]) => unknown) =>
    async (...args: unknown[]) => {
      await tick();
      const result = await call.apply(target, args);
      await tick();
      return result;
    };
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (t, key) => {
        const value = Reflect.get(t, key, t);
        if (key === 'tasks' || key === 'lease') return wrap(value as object);
        return typeof value === 'function' ? around(t, value as () => unknown) : value;
      },
    });
  const dying = new Proxy(bridge, {
    get: (t, key) => {
      const value = Reflect.get(t, key, t);
      if (key === 'open' || key === 'post') return around(t, value as () => unknown);
      return typeof value === 'function' ? value.bind(t) : value;
    },
  });
  const mortal = new PocketPing({ clock, logger: recordingLogger(), storage: wrap(inner), bridge: dying });
  await mortal.start();
  const pp = new PocketPing({ clock, logger: recordingLogger(), storage: inner, bridge });
  const starts = pp.start();
  await clock.advance(0);
  await starts;
  return {
    clock,
    bridge,
    /** The node that lives. */
    pp,
    guest: await visitor({ pp }),
    /** From now on the calls count. */
    arm: () => {
      armed = true;
    },
    /** Ends the node that lives, and says how many calls the other made. */
    end: async () => {
      const stopping = pp.stop();
      await clock.advance(0);
      await stopping;
      return calls;
    },
  };
};
