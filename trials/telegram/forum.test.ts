import type { TelegramCall } from '@pocketping/emulators';
import { describe, expect, it } from 'vitest';
import { seedsOf } from '../random.js';
import { Guest, type Utterance } from './guest.js';
import { firstSeen, isCounted, mostIn, seenOf, topicsOf, wordsIn } from './seen.js';
import { inWorld, type World } from './world.js';

const GUESTS = 40;
const MINUTE = 60_000;
/** Everybody's topic, card and first words: three calls each, at twenty a minute. */
const OPENING_MS = ((GUESTS * 3) / 20) * MINUTE;
/** Everybody's turn once. */
const ROUND_MS = (GUESTS / 20) * MINUTE;

describe('a forum with 40 active conversations', () => {
  it('keeps the limits for an hour; nobody starves, and typing and edits give way', async () => {
    const [seed = 1] = seedsOf(1);
    await inWorld(seed, async (world) => {
      const { clock, telegram, random, pp } = world;
      const began = clock.now();
      const guests = await Promise.all(
        Array.from({ length: GUESTS }, (_, number) => Guest.arrives(pp, `guest${number}`)),
      );
      const typed = new Map<Guest, string[]>();
      for (let ms = 0; ms < 60 * MINUTE; ms += 5000) {
        for (const guest of guests) await liveFor5s(world, guest);
        if (random.chance(0.2)) answer(world, random.pick(guests), typed);
        await clock.advance(5000);
      }
      // Not one refusal, and the budget used up all the while.
      expect(telegram.limitsExceeded).toBe(0);
      expect(mostIn(telegram.calls, MINUTE)).toBe(20);
      const busy = telegram.calls.filter(({ at }) => at > began + OPENING_MS);
      expect(busy.filter(isCounted).length).toBeGreaterThan(19 * (60 - OPENING_MS / MINUTE));
      nobodyStarves(world, guests, began);
      expect(busy.filter(({ method }) => method === 'sendChatAction')).toEqual([]);
      // What changes a post for another reason, such as a deletion, takes new edits along.
      const edits = editWaits(busy, guests);
      const patient = edits.filter((ms) => ms >= MINUTE).length;
      expect(edits.length).toBeGreaterThan(100);
      expect(patient).toBeGreaterThan(0.9 * edits.length);

      const ended = clock.now();
      await clock.advance(10 * MINUTE);
      expect(await world.health()).toMatchObject({ state: 'up', backlog: 0 });
      for (const guest of guests) {
        expect(seenOf(telegram, guest), guest.name).toEqual(guest.standing());
        expect(await guest.hears()).toEqual(typed.get(guest) ?? []);
      }

      const [guest] = guests as [Guest];
      const last = guest.said.findLast(({ deleted }) => !deleted) as Utterance;
      await guest.type();
      await guest.edit(last);
      await clock.advance(1000);
      expect(seenOf(telegram, guest)).toEqual(guest.standing());
      expect(telegram.calls.some(({ method, at }) => method === 'sendChatAction' && at > ended)).toBe(true);
      expect(telegram.limitsExceeded).toBe(0);
    });
  }, 60_000);
});

const liveFor5s = async ({ random }: World, guest: Guest): Promise<void> => {
  await guest.type();
  if (random.chance(1 / 12)) await guest.say();
  if (guest.said.length > 0 && random.chance(1 / 60)) {
    const utterance = random.pick(guest.said);
    if (!utterance.deleted) await guest.edit(utterance);
  }
  if (guest.said.length > 0 && random.chance(1 / 200)) await guest.remove(random.pick(guest.said));
};

const answer = ({ telegram, random }: World, guest: Guest, typed: Map<Guest, string[]>): void => {
  const [topic] = topicsOf(telegram, guest);
  if (topic === undefined) return;
  const text = `answer ${random.next()}`;
  telegram.operator({ name: random.pick(['Ada', 'Ben']) }).type(topic, text);
  typed.set(guest, [...(typed.get(guest) ?? []), text]);
};

const nobodyStarves = ({ telegram }: World, guests: readonly Guest[], began: number): void => {
  const seen = firstSeen(telegram.calls);
  const waits = (guest: Guest, from: number): number[] =>
    guest.said
      .filter(({ at }) => at >= from)
      .flatMap(({ at, words }) => {
        const shown = words.map((word) => seen.get(word)).find((time) => time !== undefined);
        return shown === undefined ? [] : [shown - at];
      });
  expect(Math.max(...guests.flatMap((guest) => waits(guest, began)))).toBeLessThan(4 * ROUND_MS);
  const means = guests.map((guest) => mean(waits(guest, began + OPENING_MS)));
  expect(Math.max(...means)).toBeLessThan(2 * Math.min(...means));
};

/** Each edit of what stands on the platform, in the busy time, by how long its oldest change had waited. */
const editWaits = (calls: readonly TelegramCall[], guests: readonly Guest[]): number[] => {
  const seen = firstSeen(calls);
  const chosenAt = new Map(guests.flatMap((guest) => [...guest.chosenAt]));
  return calls
    .filter(({ method }) => method === 'editMessageText')
    .flatMap(({ at, params }) => {
      const news = wordsIn(String(params.text)).filter((word) => seen.get(word) === at);
      return news.length === 0 ? [] : [Math.max(...news.map((word) => at - (chosenAt.get(word) ?? at)))];
    });
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
