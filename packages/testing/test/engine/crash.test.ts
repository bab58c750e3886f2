import { MemoryStorage, PocketPing } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { recordingLogger } from '../../src/logger.js';
import { FakeBridge } from './fake-bridge.js';
import { visitor } from './house.js';

describe('crash at every instruction', () => {
  const scenario = async (dieAt: number) => {
    const clock = virtualClock();
    const inner = new MemoryStorage({ clock });
    const bridge = new FakeBridge();
    let ops = 0;
    let dead = false;
    const tick = async () => {
      if (dead) return new Promise<void>(() => {});
      if (++ops === dieAt) {
        dead = true;
        return new Promise<void>(() => {});
      }
    };
    let armed = false;
    const wrap = <T extends object>(target: T): T =>
      new Proxy(target, {
        get: (t, key) => {
          const value = Reflect.get(t, key, t);
          if (key === 'tasks' || key === 'lease') return wrap(value as object);
          if (typeof value !== 'function') return value;
          return async (...args: unknown[]) => {
            if (armed) await tick();
            const result = await value.apply(t, args);
            if (armed) await tick();
            return result;
          };
        },
      });
    const dying = new Proxy(bridge, {
      get: (t, key) => {
        const value = Reflect.get(t, key, t);
        if (['open', 'post'].includes(String(key))) {
          return async (...args: unknown[]) => {
            if (armed) await tick();
            const r = await value.apply(t, args);
            if (armed) await tick();
            return r;
          };
        }
        return typeof value === 'function' ? value.bind(t) : value;
      },
    });
    const a = new PocketPing({ clock, logger: recordingLogger(), storage: wrap(inner), bridge: dying });
    await a.start();
    const b = new PocketPing({ clock, logger: recordingLogger(), storage: inner, bridge });
    const starts = b.start();
    await clock.advance(0);
    await starts;
    const guest = await visitor({ pp: b });
    armed = true;
    const m1 = await guest.say(`first${'x'.repeat(150)}`);
    await clock.advance(1000);
    await b.conversation.edit(guest.actor, {
      sessionId: guest.sessionId,
      messageId: m1.id,
      content: `FIRST${'z'.repeat(250)}END`,
    });
    await clock.advance(1000);
    const m2 = await guest.say('gone');
    await clock.advance(1000);
    await b.conversation.remove(guest.actor, { sessionId: guest.sessionId, messageId: m2.id });
    await b.identify(guest.sessionId, { name: 'Jo' });
    await clock.advance(1000);
    await b.closeSession(guest.sessionId);
    await clock.advance(1000);
    await guest.say('last');
    await clock.advance(5 * 60_000);
    const last = bridge.threads.at(-1)?.id;
    const shown = bridge.shown(last);
    const stopping = b.stop();
    await clock.advance(0);
    await stopping;
    return { shown, threads: bridge.threads.length, used: ops, dead };
  };
  it('loses nothing, and repeats at most the one call under way', { timeout: 60_000 }, async () => {
    const whole = await scenario(Number.POSITIVE_INFINITY);
    expect(whole.shown.length).toBeGreaterThan(5);
    for (let step = 1; step <= whole.used; step++) {
      const { shown, threads } = await scenario(step);
      // Whoever identifies before the card is posted stands on it, and needs no note.
      const wanted = whole.shown.filter((text) => !/^(card|identity) /.test(text));
      expect([step, wanted.filter((text) => !shown.includes(text))]).toEqual([step, []]);
      expect([step, shown.join('\n')]).toEqual([step, expect.stringContaining('Jo')]);
      expect([step, shown.length <= whole.shown.length + 1]).toEqual([step, true]);
      expect([step, threads <= 2]).toEqual([step, true]);
    }
  });
});
