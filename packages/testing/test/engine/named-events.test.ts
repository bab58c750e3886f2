import { LocalBroker, MemoryStorage, type PocketPingOptions } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { recordingLogger } from '../../src/logger.js';
import { FakeBridge } from './fake-bridge.js';
import { begin, type House, house, visitor } from './house.js';

interface Triggered {
  readonly name: string;
  readonly data?: Record<string, string | number>;
  readonly clientEventId?: string;
}

type Guest = Awaited<ReturnType<typeof visitor>>;

const triggering =
  ({ pp }: Pick<House, 'pp'>, { actor, sessionId }: Pick<Guest, 'actor' | 'sessionId'>) =>
  (event: Triggered) =>
    pp.conversation.trigger(actor, { sessionId, ...event });

/** A visitor of an engine whose handlers write down what they hear. */
const listening = async (options: PocketPingOptions = {}) => {
  const opened = house(options);
  const heard: string[] = [];
  opened.pp.onEvent('*', ({ name }) => void heard.push(name));
  const guest = await visitor(opened);
  const log = async () =>
    (await opened.storage.events(guest.sessionId, { after: 0, limit: 100 })).flatMap(({ event }) =>
      event.type === 'custom_event' ? [event.data] : [],
    );
  return { ...opened, ...guest, heard, log, trigger: triggering(opened, guest) };
};

const paid = { name: 'paid', data: { amount: 20, currency: 'EUR' }, clientEventId: 'e1' };

describe('an event that is triggered again under its clientEventId', () => {
  it('is one entry of the log, and told to the handlers once', async () => {
    const { trigger, heard, log, clock } = await listening();
    for (let n = 0; n < 3; n++) {
      await expect(trigger(paid)).resolves.toBeUndefined();
      await clock.advance(60_000);
    }
    expect(heard).toEqual(['paid']);
    expect(await log()).toEqual([{ name: 'paid', data: paid.data }]);
  });

  it('is so, too, when both come at the same time', async () => {
    const { trigger, heard, log, clock } = await listening();
    await Promise.all([trigger(paid), trigger(paid), trigger({ ...paid, clientEventId: 'e2' })]);
    await clock.advance(0);
    expect(heard).toEqual(['paid', 'paid']);
    expect(await log()).toHaveLength(2);
  });

  it('is the same one whatever the order of its keys', async () => {
    const { trigger, heard, clock } = await listening();
    await trigger(paid);
    await trigger({ ...paid, data: { currency: 'EUR', amount: 20 } });
    await clock.advance(0);
    expect(heard).toEqual(['paid']);
  });

  it.each([
    ['another name', { ...paid, name: 'refunded' }],
    ['other data', { ...paid, data: { ...paid.data, amount: 21 } }],
    ['no data', { name: 'paid', clientEventId: 'e1' }],
  ])('is refused with %s, and nothing is kept of it', async (_what, other) => {
    const { trigger, heard, log, clock } = await listening();
    await trigger(paid);
    const refused = trigger(other);
    await expect(refused).rejects.toMatchObject({ code: 'conflict', retryable: false });
    await expect(refused).rejects.toThrow(/^clientEventId e1 names an earlier event .* Use a new one\.$/);
    await clock.advance(0);
    expect(heard).toEqual(['paid']);
    expect(await log()).toHaveLength(1);
  });

  it('is known to the other nodes, which tell nobody either', async () => {
    const clock = virtualClock();
    const shared = {
      clock,
      storage: new MemoryStorage({ clock }),
      broker: new LocalBroker({ logger: recordingLogger() }),
    };
    const one = await listening(shared);
    const two = house(shared);
    two.pp.onEvent('*', ({ name }) => void one.heard.push(`${name} on the other node`));
    await one.trigger(paid);
    await triggering(two, one)(paid);
    await clock.advance(60_000);
    expect(one.heard).toEqual(['paid']);
    expect(await one.log()).toHaveLength(1);
  });

  it('is answered in a session that has ended since, into which no other one comes', async () => {
    const { pp, actor, sessionId, trigger, log } = await listening();
    await trigger(paid);
    await pp.conversation.leave(actor, sessionId);
    await expect(trigger(paid)).resolves.toBeUndefined();
    await expect(trigger({ ...paid, clientEventId: 'e2' })).rejects.toMatchObject({ code: 'session_ended' });
    await expect(trigger({ ...paid, name: 'other' })).rejects.toMatchObject({ code: 'conflict' });
    expect(await log()).toHaveLength(1);
  });

  it('is answered in a session that the team has closed since, and leaves it closed', async () => {
    const { pp, sessionId, trigger, log, storage } = await listening();
    await pp.closeSession(sessionId);
    await trigger(paid);
    await trigger(paid);
    expect(await log()).toHaveLength(1);
    expect(await storage.session(sessionId)).toMatchObject({ status: 'closed' });
  });

  it('has nothing to do with what other sessions, and messages, call so', async () => {
    const house = await listening();
    const other = await visitor(house, 'vis_two');
    await house.say('hello', { clientMessageId: 'e1' });
    await house.trigger(paid);
    await triggering(house, other)({ name: 'arrived', clientEventId: 'e1' });
    await house.say('hello', { clientMessageId: 'e1' });
    await house.clock.advance(0);
    expect(house.heard).toEqual(['paid', 'arrived']);
    expect(await house.pp.getMessages(house.sessionId)).toHaveLength(1);
  });

  it('is taken where it could not be taken the first time', async () => {
    const { trigger, heard, log, clock, storage } = await listening();
    const { commit } = storage;
    storage.commit = async () => {
      throw new Error('the connection was lost');
    };
    await expect(trigger(paid)).rejects.toThrow('the connection was lost');
    storage.commit = commit;
    await trigger(paid);
    await clock.advance(0);
    expect(heard).toEqual(['paid']);
    expect(await log()).toHaveLength(1);
  });

  it('without one is another event each time', async () => {
    const { trigger, heard, clock } = await listening();
    await trigger({ name: 'clicked' });
    await trigger({ name: 'clicked' });
    await clock.advance(0);
    expect(heard).toEqual(['clicked', 'clicked']);
  });

  it('counts once on a card for many, also while it waits to be told', async () => {
    const bridge = new FakeBridge('fake', { length: 400 });
    const started = await begin(bridge);
    const trigger = triggering(started, started);
    await started.say('hello');
    await started.clock.advance(0);
    for (let n = 0; n < 20; n++) {
      const event = { name: 'scrolled', data: { n }, clientEventId: `e${n}` };
      await trigger(event);
      await started.clock.advance(0);
      await trigger(event);
      await started.clock.advance(100);
    }
    await started.clock.advance(20 * 60_000);
    const shown = bridge.shown().filter((text) => text.startsWith('event'));
    expect(shown.slice(0, 3)).toEqual([0, 1, 2].map((n) => `event scrolled {"n":${n}}`));
    expect(shown.slice(3)).toEqual(['event scrolled ×17 {"n":19}']);
  });
});

describe('a token that was revoked', () => {
  it('triggers nothing, though it was known to be good a moment ago: not even what it has triggered before', async () => {
    const { pp, actor, sessionId, token, trigger, log, storage } = await listening();
    await trigger(paid);
    const revoked = { ...actor, tokenHash: 'of a token that nobody holds' };
    const asRevoked = (event: Triggered) => pp.conversation.trigger(revoked, { sessionId, ...event });
    for (const event of [paid, { ...paid, clientEventId: 'e2' }, { name: 'clicked' }])
      await expect(asRevoked(event)).rejects.toMatchObject({ code: 'unauthorized' });
    await pp.closeSession(sessionId);
    await expect(asRevoked({ name: 'clicked' })).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await log()).toHaveLength(1);
    expect(await storage.session(sessionId)).toMatchObject({ status: 'closed' });
    expect(await pp.conversation.authenticate(token)).toEqual(actor);
  });
});

describe('a clock that is set back between two events', () => {
  it('keeps them in their order and their number, and keeps nobody waiting for what it was set back by', async () => {
    const bridge = new FakeBridge('fake', { length: 400 });
    const started = await begin(bridge);
    const { pp, clock, storage, sessionId } = started;
    const heard: unknown[] = [];
    pp.onEvent('*', ({ data }) => void heard.push(data?.n));
    const trigger = triggering(started, started);
    await started.say('hello');
    await clock.advance(0);
    const shown = () => bridge.shown().filter((text) => text.startsWith('event'));
    for (let n = 0; n < 3; n++) {
      await trigger({ name: 'scrolled', data: { n }, clientEventId: `e${n}` });
      await clock.advance(0);
    }
    clock.set(clock.now() - 24 * 60 * 60_000);
    for (let n = 2; n < 6; n++) {
      await trigger({ name: 'scrolled', data: { n }, clientEventId: `e${n}` });
      await clock.advance(0);
    }
    expect(heard).toEqual([0, 1, 2, 3, 4, 5]);
    const log = await storage.events(sessionId, { after: 0, limit: 100 });
    expect(log.map(({ event }) => event.seq)).toEqual(log.map((_, index) => index + 1));
    // One at once, for nobody knows how long it has been; those after it wait, for as long as ever.
    expect(shown().slice(3)).toEqual(['event scrolled {"n":3}']);
    await clock.advance(20_000);
    expect(shown().slice(4)).toEqual(['event scrolled ×2 {"n":5}']);
  });
});
