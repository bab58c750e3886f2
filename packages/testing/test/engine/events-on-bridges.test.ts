import { LocalBroker, MemoryStorage, type PocketPingOptions } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { recordingLogger } from '../../src/logger.js';
import { FakeBridge } from './fake-bridge.js';
import { begin, house, refusal } from './house.js';

/** A conversation that has a thread, in which the page triggers things. */
const talking = async (bridge = new FakeBridge('fake', { length: 400 }), options: PocketPingOptions = {}) => {
  const started = await silent(bridge, options);
  await started.say('hello');
  await started.clock.advance(0);
  return started;
};

/** The same before the visitor has written. */
const silent = async (bridge = new FakeBridge('fake', { length: 400 }), options: PocketPingOptions = {}) => {
  const started = await begin(bridge, options);
  const { pp, actor, sessionId } = started;
  const trigger = (name: string, data?: object) =>
    pp.conversation.trigger(actor, { sessionId, name, ...(data && { data: data as never }) });
  const events = () => bridge.shown().filter((text) => /^event|^notice The page/.test(text));
  return { ...started, trigger, events };
};

describe('what a page triggers', () => {
  it('stands in the thread at once, with its data', async () => {
    const { trigger, bridge, clock } = await talking();
    await trigger('clicked_pricing', { plan: 'pro' });
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_one', 'hello', 'event clicked_pricing {"plan":"pro"}']);
  });

  it('is shown on every bridge', async () => {
    const other = new FakeBridge('other', { length: 400 });
    const { trigger, bridge, clock } = await talking(undefined, { bridges: [other] });
    await trigger('clicked');
    await clock.advance(0);
    expect([bridge.shown().at(-1), other.shown().at(-1)]).toEqual([
      'event clicked null',
      'event clicked null',
    ]);
  });

  it('opens no thread, and stands in it once the visitor writes: in three cards, however much there was', async () => {
    const { trigger, say, bridge, clock, storage } = await silent();
    for (let n = 0; n < 40; n++) await trigger(`page_${n % 8}`, { n });
    await clock.advance(60_000);
    expect([bridge.threads, bridge.posts]).toEqual([[], []]);
    await say('hello');
    await clock.advance(0);
    expect(bridge.shown()).toEqual([
      'card vis_one',
      'notice The page triggered 25 more events of 5 other names before these.',
      'event page_5 ×5 {"n":37}',
      'event page_6 ×5 {"n":38}',
      'event page_7 ×5 {"n":39}',
      'hello',
    ]);
    await clock.advance(3_600_000);
    expect(bridge.posts).toHaveLength(6);
    expect(await storage.tasks.count('bridge/fake')).toBe(0);
  });

  it('is told after what it came after, however long the platform was away', async () => {
    const { trigger, say, bridge, clock } = await silent();
    bridge.fail('open', refusal('unavailable'));
    await trigger('viewed');
    await say('I want to pay');
    await trigger('payment_failed');
    await trigger('payment_failed');
    await say('that did not work');
    await clock.advance(3_600_000);
    expect(bridge.shown()).toEqual([
      'card vis_one',
      'event viewed null',
      'I want to pay',
      'event payment_failed ×2 null',
      'that did not work',
    ]);
  });

  it('is shown though it comes at the same time as the first message', async () => {
    const { trigger, say, clock, events } = await silent();
    await Promise.all([trigger('before'), say('hello'), trigger('after')]);
    await clock.advance(0);
    expect(events().map((text) => text.split(' ')[1])).toEqual(['before', 'after']);
  });

  it('stays off the phones where its name is quiet, and reaches the handlers all the same', async () => {
    const heard: string[] = [];
    const { trigger, bridge, clock, storage, sessionId } = await talking(undefined, {
      quietEvents: ['scrolled'],
      onEvent: ({ name }) => void heard.push(name),
    });
    const before = await storage.tasks.count('bridge/fake');
    for (let n = 0; n < 5; n++) await trigger('scrolled');
    expect(await storage.tasks.count('bridge/fake')).toBe(before);
    await trigger('clicked');
    await clock.advance(60_000);
    expect(bridge.shown().slice(2)).toEqual(['event clicked null']);
    expect(heard).toHaveLength(6);
    const log = await storage.events(sessionId, { after: 0, limit: 100 });
    expect(log.filter(({ event }) => event.type === 'custom_event')).toHaveLength(6);
  });

  it('is the visitor’s: what the site emits is not shown', async () => {
    const { pp, sessionId, bridge, clock } = await talking();
    await pp.emitEvent(sessionId, 'show_offer');
    await pp.sendMessage(sessionId, { content: 'an offer for you', name: 'Ada' });
    await clock.advance(60_000);
    expect(bridge.shown().slice(2)).toEqual(['Ada: an offer for you']);
  });

  it('is one card with a count for all that came while the platform was away', async () => {
    const { trigger, bridge, clock, events } = await talking();
    bridge.fail('post', ...Array.from({ length: 6 }, () => refusal('unavailable')));
    for (let n = 0; n < 20; n++) await trigger(n % 4 === 0 ? 'added_to_cart' : 'scrolled', { n });
    await clock.advance(3 * 60_000);
    expect(events()).toEqual(['event added_to_cart ×5 {"n":16}', 'event scrolled ×15 {"n":19}']);
  });
});

describe('a page that goes on triggering', () => {
  it('rings a phone a few times, then ever less often, and nothing is left out of the counts', async () => {
    const { trigger, clock, events } = await talking();
    const total = 600;
    for (let n = 0; n < total; n++) {
      await trigger('scrolled', { n });
      await clock.advance(1000);
    }
    // At once thrice, and then 10, 20, 40, 80, 160 and 320 s after each other: within ten minutes, of 600 events.
    expect(events().length).toBeLessThanOrEqual(9);
    await clock.advance(20 * 60_000);
    const counts = events().map((text) => Number(/×(\d+)/.exec(text)?.[1] ?? 1));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
    expect(events().length).toBeLessThanOrEqual(10);
    expect(events().at(-1)).toContain(`{"n":${total - 1}}`);
  });

  it('holds back nothing else: messages, and what else happens, come at once', async () => {
    const { pp, trigger, say, sessionId, bridge, clock, events } = await talking();
    for (let n = 0; n < 20; n++) {
      await trigger('scrolled', { n });
      await clock.advance(100);
    }
    expect(events()).toHaveLength(3);
    await say('can you help me?');
    await pp.identify(sessionId, { name: 'Ada' });
    await pp.closeSession(sessionId);
    await clock.advance(0);
    expect(bridge.shown().slice(-3)).toEqual(['can you help me?', 'identity Ada', 'closed by site']);
    await clock.advance(20_000);
    expect(bridge.shown().at(-1)).toBe('event scrolled ×17 {"n":19}');
  });

  it('is told of at once again when it was calm for a while', async () => {
    const { trigger, clock, events } = await talking();
    for (let n = 0; n < 10; n++) await trigger('scrolled');
    await clock.advance(200_000);
    const before = events().length;
    for (let n = 0; n < 3; n++) {
      await trigger('clicked');
      await clock.advance(0);
    }
    expect(events().slice(before)).toEqual(Array(3).fill('event clicked null'));
  });

  it('stays in a closed thread that was closed', async () => {
    const { pp, trigger, sessionId, bridge, clock } = await talking(
      new FakeBridge('fake', { length: 400, postsReopen: true }),
    );
    await pp.closeSession(sessionId);
    await clock.advance(0);
    for (let n = 0; n < 10; n++) {
      await trigger('scrolled');
      await clock.advance(1000);
    }
    await clock.advance(60_000);
    expect(bridge.threads.map(({ closed }) => closed)).toEqual([true]);
  });

  it('goes on in a new thread when the old one is lost, without what was told there', async () => {
    const { trigger, bridge, clock, say } = await talking();
    await trigger('first');
    await clock.advance(0);
    bridge.fail('post', refusal('thread_gone'));
    await trigger('second');
    await say('still there?');
    await clock.advance(120_000);
    const last = bridge.threads.at(-1)?.id;
    const shown = bridge.posts.filter(({ threadId }) => threadId === last).map(({ text }) => text);
    expect(shown.filter((text) => text.startsWith('<event'))).toEqual(['<event second null>']);
    expect(shown).toContain('<still there?>');
  });

  it('leaves nothing out of a backlog that is longer than what is looked through at once', async () => {
    const { pp, trigger, sessionId, clock, events } = await talking();
    for (let n = 0; n < 4; n++) {
      await trigger('scrolled');
      await clock.advance(0);
    }
    // The last of them waits, and behind it comes what fills many pages of the log.
    for (let n = 0; n < 2500; n++) await pp.emitEvent(sessionId, 'tick');
    for (let n = 0; n < 3; n++) await trigger('clicked');
    await clock.advance(60_000);
    expect(events().slice(3)).toEqual(['event scrolled null', 'event clicked ×3 null']);
  });

  it('goes on under the node that takes the bridge over: nothing twice, and nothing left out', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const broker = new LocalBroker({ logger: recordingLogger() });
    const bridge = new FakeBridge('fake', { length: 400 });
    const first = await silent(bridge, { clock, storage, broker });
    await first.say('hello');
    for (let n = 0; n < 5; n++) {
      await first.trigger('scrolled', { n });
      await clock.advance(0);
    }
    expect(first.events()).toHaveLength(3);
    await first.pp.stop();
    const second = house({ clock, storage, broker: new LocalBroker({ logger: recordingLogger() }), bridge });
    await second.pp.start();
    await clock.advance(60_000);
    expect(first.events()).toEqual([
      'event scrolled {"n":0}',
      'event scrolled {"n":1}',
      'event scrolled {"n":2}',
      'event scrolled ×2 {"n":4}',
    ]);
  });
});
