import type { FaultKind } from '@pocketping/emulators';
import { describe, expect, it } from 'vitest';
import { seedsOf } from '../random.js';
import { Guest } from './guest.js';
import { isCounted, mostIn, seenOf, topicsOf } from './seen.js';
import { inWorld } from './world.js';

const GUESTS = 50;
const ROUNDS = 10;
const MINUTE = 60_000;

describe('a platform that is down for an hour', () => {
  it.each<FaultKind>(['bad_gateway_html', 'server_error', 'reset', 'timeout_before'])(
    'with %s: it catches up in order, together, within the limits; edits and deletions are folded in',
    async (kind) => {
      const [seed = 1] = seedsOf(1);
      await inWorld(seed, async ({ clock, telegram, pp, random, health }) => {
        const guests = await Promise.all(
          Array.from({ length: GUESTS }, (_, number) => Guest.arrives(pp, `guest${number}`)),
        );
        // Half of them have a topic already.
        for (const guest of guests.slice(0, GUESTS / 2)) await guest.say();
        await clock.advance(10 * MINUTE);
        const before = telegram.calls.filter(isCounted).length;
        expect(before).toBe((GUESTS / 2) * 3);

        const recover = telegram.fault({ kind, times: Number.POSITIVE_INFINITY });
        const went = clock.now();
        for (let round = 0; round < ROUNDS; round++) {
          for (const guest of guests) {
            const said = await guest.say();
            await clock.advance(random.between(0, 2000));
            if (round === 3) await guest.edit(said);
            if (round === 5) await guest.remove(said);
          }
          if (round === 4)
            telegram
              .operator({ name: 'Ada' })
              .type(topicsOf(telegram, guests[0] as Guest)[0] as number, 'hello?');
          await clock.advance(went + (round + 1) * 6 * MINUTE - clock.now());
        }
        expect(await health()).toMatchObject({ state: 'paused' });
        recover();
        const back = clock.now();
        await clock.advance(10 * MINUTE);

        expect(await health()).toMatchObject({ state: 'up', backlog: 0 });
        for (const guest of guests) {
          expect(seenOf(telegram, guest), guest.name).toEqual(guest.standing());
          expect(topicsOf(telegram, guest)).toHaveLength(1);
        }
        expect(await guests[0]?.hears()).toEqual(['hello?']);
        const after = telegram.calls.filter((call) => call.at > back && isCounted(call));
        // Half of them a post; the others a topic, a card and a post. Nothing was changed afterwards.
        expect(after).toHaveLength((GUESTS / 2) * (1 + 3));
        expect(telegram.calls.some(({ method }) => /^(?:editMessageText|deleteMessage)$/.test(method))).toBe(
          false,
        );
        // A minute for the pause to end, and then twenty a minute.
        expect((after.at(-1)?.at ?? 0) - back).toBeLessThan((after.length / 20 + 2) * MINUTE);
        expect(mostIn(after, MINUTE)).toBeLessThanOrEqual(20);
        expect(telegram.limitsExceeded).toBe(0);
        expect(await pp.listDeadLetters()).toEqual([]);
      });
    },
    60_000,
  );
});
