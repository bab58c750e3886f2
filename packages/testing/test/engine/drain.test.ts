import { MemoryStorage } from '@pocketping/core';
import { expect, it } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { FakeBridge } from './fake-bridge.js';
import { begin, house, refusal, visitor } from './house.js';

it('drain resolves when every thread is up to the log', async () => {
  const { pp, say, bridge, clock } = await begin();
  await say('one');
  await say('two');
  let drained: unknown;
  void pp.drain().then((result) => {
    drained = result;
  });
  await clock.advance(1000);
  expect(bridge.posts.map(({ text }) => text).join(' ')).toMatch(/one.*two/s);
  expect(drained).toEqual({ left: 0, bridges: [{ name: bridge.name, state: 'up', backlog: 0 }] });
});

it('drain starts an engine that has not run yet, and finds what another one left', async () => {
  const clock = virtualClock();
  const storage = new MemoryStorage({ clock });
  const asleep = house({ clock, storage, bridge: new FakeBridge() });
  const written = await visitor(asleep);
  await written.say('is anybody there?');
  await asleep.pp.stop();
  const awake = new FakeBridge();
  const { pp } = house({ clock, storage, bridge: awake });
  const draining = pp.drain({ withinMs: 60_000 });
  await clock.advance(60_000);
  expect(await draining).toMatchObject({ left: 0 });
  expect(awake.posts.map(({ text }) => text).join(' ')).toContain('is anybody there?');
});

it('drain says at its end what is left and why, and the next one does it', async () => {
  const { pp, say, bridge, clock } = await begin();
  bridge.fail('post', refusal('unavailable'));
  await say('hello');
  const first = pp.drain({ withinMs: 0 });
  await clock.advance(500);
  const { left, bridges } = await first;
  expect([left, bridges[0]?.backlog]).toEqual([1, 1]);
  const second = pp.drain({ withinMs: 120_000 });
  await clock.advance(120_000);
  expect(await second).toMatchObject({ left: 0 });
  expect(bridge.posts.map(({ text }) => text).join(' ')).toContain('hello');
});

it('drain ends with the engine', async () => {
  const { pp, say, bridge, clock } = await begin();
  bridge.fail('open', refusal('unauthorized'));
  await say('hello');
  const draining = pp.drain({ withinMs: 10 * 60_000 });
  await clock.advance(1000);
  const stopped = pp.stop();
  await clock.advance(1000);
  await stopped;
  expect(await draining).toMatchObject({ left: 1 });
});

it('an engine names the bridges that need a process which goes on running', () => {
  const connected = new FakeBridge('connected');
  const called = new FakeBridge('called');
  called.webhook = { receiver: () => async () => ({ status: 200 }) };
  const posting = Object.assign(new FakeBridge('posting'), { postsOnly: true as const });
  const intermittent = Object.assign(new FakeBridge('intermittent'), { intermittent: true as const });
  const { pp } = house({ bridges: [connected, called, posting, intermittent] });
  expect(pp.connectedBridges).toEqual(['connected']);
});
