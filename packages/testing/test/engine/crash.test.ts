import { describe, expect, it } from 'vitest';
import { nodesOfWhichOneDies } from './dying.js';
import { FakeBridge } from './fake-bridge.js';

describe('crash at every instruction', () => {
  const scenario = async (dieAt: number) => {
    const { clock, bridge, pp, guest, arm, end } = await nodesOfWhichOneDies(dieAt);
    arm();
    const m1 = await guest.say(`first${'x'.repeat(150)}`);
    await clock.advance(1000);
    await pp.conversation.edit(guest.actor, {
      sessionId: guest.sessionId,
      messageId: m1.id,
      content: `FIRST${'z'.repeat(250)}END`,
    });
    await clock.advance(1000);
    const m2 = await guest.say('gone');
    await clock.advance(1000);
    await pp.conversation.remove(guest.actor, { sessionId: guest.sessionId, messageId: m2.id });
    await pp.identify(guest.sessionId, { name: 'Jo' });
    await clock.advance(1000);
    await pp.closeSession(guest.sessionId);
    await clock.advance(1000);
    await guest.say('last');
    await clock.advance(5 * 60_000);
    const shown = bridge.shown(bridge.threads.at(-1)?.id);
    return { shown, threads: bridge.threads.length, used: await end() };
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

  it('leaves no event out of the counts, and repeats at most the one call under way', {
    timeout: 60_000,
  }, async () => {
    const events = async (dieAt: number) => {
      const { clock, bridge, pp, guest, arm, end } = await nodesOfWhichOneDies(
        dieAt,
        new FakeBridge('fake', { length: 400 }),
      );
      arm();
      const trigger = (name: string) =>
        pp.conversation.trigger(guest.actor, { sessionId: guest.sessionId, name });
      await trigger('one');
      await trigger('two');
      await guest.say('hello');
      await clock.advance(1000);
      // At once, at once, and then together: some of them while the first of their cards is being posted.
      for (const name of ['one', 'two', 'three', 'two', 'three']) {
        await trigger(name);
        await clock.advance(1000);
      }
      await guest.say('and now?');
      await clock.advance(5 * 60_000);
      const shown = bridge.shown(bridge.threads.at(-1)?.id);
      return { shown, used: await end() };
    };
    const countIn = (shown: readonly string[], name: string): number =>
      shown
        .filter((text) => text.startsWith(`event ${name} `))
        .reduce((sum, text) => sum + Number(/×(\d+)/.exec(text)?.[1] ?? 1), 0);
    const names = { one: 2, two: 3, three: 2 };
    const whole = await events(Number.POSITIVE_INFINITY);
    for (const [name, count] of Object.entries(names))
      expect([name, countIn(whole.shown, name)]).toEqual([name, count]);
    for (let step = 1; step <= whole.used; step++) {
      const { shown } = await events(step);
      const counted = Object.entries(names).map(
        ([name, count]) => [name, countIn(shown, name) - count] as const,
      );
      expect([step, counted.filter(([, more]) => more < 0)]).toEqual([step, []]);
      const said = shown.filter((text) => text.endsWith('and now?')).length;
      expect([step, said >= 1]).toEqual([step, true]);
      const repeated = counted.filter(([, more]) => more > 0).length + said - 1;
      expect([step, repeated <= 1]).toEqual([step, true]);
    }
  });
});
