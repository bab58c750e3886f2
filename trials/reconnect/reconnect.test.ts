import { isDeepStrictEqual } from 'node:util';
import { LIMITS } from '@pocketping/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFrom, seedsOf } from '../random.js';
import { until } from '../until.js';
import { Browser, carriers } from '../visitor/environment.js';
import { loadWhole } from '../visitor/whole-conversation.js';
import { BusyConversation } from './busy-conversation.js';
import { type House, openHouse } from './house.js';
import { carrierOf, openWidget, shown, type Widget } from './widget.js';

const [seed = 1] = seedsOf(1);

/** A conversation that four widgets see, one for each carrier and one that never leaves. */
interface World {
  readonly house: House;
  readonly browser: Browser;
  readonly stayed: Widget;
  readonly away: ReadonlyMap<(typeof carriers)[number], Widget>;
  readonly conversation: BusyConversation;
}

const openWorld = async (): Promise<World> => {
  const house = await openHouse();
  const browser = new Browser();
  const stayed = await openWidget(browser, house.endpoint, 'WebSocket');
  const away = new Map<(typeof carriers)[number], Widget>();
  for (const carrier of carriers) {
    away.set(carrier, await openWidget(new Browser(browser), house.endpoint, carrier));
  }
  const conversation = new BusyConversation(house, stayed.client, randomFrom(seed));
  await stayed.client.sendMessage('hello');
  await conversation.until(40);
  return { house, browser, stayed, away, conversation };
};

const closeWorld = async ({ house, stayed, away }: World): Promise<void> => {
  for (const { client } of [stayed, ...away.values()]) client.destroy();
  await house.close();
};

/** They leave, so much happens, and they return. @returns how much it was */
const beAwayFor = async (world: World, events: number): Promise<number> => {
  const { house, away, conversation } = world;
  await caughtUp(world);
  for (const { client, tab, asked } of away.values()) {
    tab.network(false);
    await until(() => client.state().link === 'lost', 'a widget has noticed that it is offline');
    asked.length = 0;
  }
  const before = await house.head(conversation.sessionId);
  await conversation.until(before + events);
  await quiet(world);
  const happened = (await house.head(conversation.sessionId)) - before;
  for (const { tab } of away.values()) tab.network(true);
  await caughtUp(world);
  return happened;
};

/** Deliveries and receipts have made their entries too. */
const quiet = async ({ house, stayed }: World): Promise<void> =>
  until(async () => {
    const { bridges } = await house.pp.health();
    const { messages, read } = stayed.client.state();
    const last = messages.findLast(
      ({ sender, deletedAt }) => sender !== 'visitor' && deletedAt === undefined,
    );
    return bridges.every(({ backlog }) => backlog === 0) && read.visitorRead >= (last?.seq ?? 0);
  }, 'nothing is left to deliver or to read');

/** All that are online show what there is to show. */
const caughtUp = async ({ house, stayed, away, conversation }: World): Promise<void> => {
  const last = (await house.pp.getMessages(conversation.sessionId)).at(-1)?.id;
  for (const widget of [stayed, ...away.values()]) {
    await until(
      () => widget.client.state().link === 'live' && widget.client.state().messages.at(-1)?.id === last,
      'a widget has caught up',
    );
  }
};

/** What is on its way to one of them arrives; if they differ for good, the test that follows says in what. */
const same = (one: Widget, other: Widget): Promise<void> =>
  until(() => isDeepStrictEqual(shown(one), shown(other)), 'they show the same').catch(() => {});

describe(`a widget that was offline (SEED=${seed})`, () => {
  describe('for 900 events, edits and deletions among them', () => {
    let world: World;
    beforeAll(async () => {
      world = await openWorld();
      const happened = await beAwayFor(world, 900);
      expect(happened).toBeGreaterThanOrEqual(900);
      expect(happened).toBeLessThanOrEqual(LIMITS.resumeEvents);
    }, 60_000);
    afterAll(() => closeWorld(world));

    it('has missed something of every kind', () => {
      const { messages } = world.stayed.client.state();
      expect(messages.filter(({ editedAt }) => editedAt).length).toBeGreaterThan(50);
      expect(messages.filter(({ deletedAt }) => deletedAt).length).toBeGreaterThan(20);
      expect(new Set(messages.map(({ sender }) => sender))).toEqual(
        new Set(['visitor', 'operator', 'system']),
      );
    });

    it.each(carriers)('shows exactly what one shows that never left, over %s', async (carrier) => {
      const widget = world.away.get(carrier) as Widget;
      await same(widget, world.stayed);
      expect(shown(widget)).toEqual(shown(world.stayed));
      expect(carrierOf(widget)).toBe(carrier);
      expect(widget.asked).not.toContain('/connect');
    });

    it('troubles nobody', () => expect(world.house.errors()).toEqual([]));
  });

  describe('for 5,000 events', () => {
    let world: World;
    let fresh: Widget;
    beforeAll(async () => {
      world = await openWorld();
      expect(await beAwayFor(world, 5000)).toBeGreaterThanOrEqual(5000);
      fresh = await openWidget(new Browser(world.browser), world.house.endpoint, 'WebSocket');
    }, 60_000);
    afterAll(async () => {
      fresh?.client.destroy();
      await closeWorld(world);
    });

    it.each(carriers)('is told to reload, and shows what a fresh one shows, over %s', async (carrier) => {
      const widget = world.away.get(carrier) as Widget;
      expect(widget.asked).toContain('/connect');
      await same(widget, fresh);
      expect(shown(widget)).toEqual(shown(fresh));
      expect(carrierOf(widget)).toBe(carrier);
    });

    it.each(carriers)('pages back to all that was said, over %s', async (carrier) => {
      const widget = world.away.get(carrier) as Widget;
      await loadWhole(widget.client);
      await same(widget, world.stayed);
      expect(shown(widget)).toEqual(shown(world.stayed));
    });

    it('troubles nobody', () => expect(world.house.errors()).toEqual([]));
  });
});
