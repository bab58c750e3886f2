import { MemoryStorage } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { FakeBridge } from './fake-bridge.js';
import { begin, house, refusal } from './house.js';

const MINUTE = 60_000;

/** A conversation that stands on a bridge which can catch up. */
const conversation = async (
  options: Parameters<typeof house>[0] = {},
  bridge = new FakeBridge('fake', { catchUp: true }),
) => {
  const it = await begin(bridge, options);
  await it.say('hello?');
  await it.clock.advance(1000);
  return it;
};

/** One in which somebody of the team said something that the bridge did not hear. */
const unheard = async (said: string, bridge?: FakeBridge) => {
  const it = await conversation({}, bridge);
  it.bridge.deaf = true;
  await it.bridge.type(said);
  it.bridge.deaf = false;
  return it;
};

const contents = async ({
  pp,
  sessionId,
}: Pick<Awaited<ReturnType<typeof conversation>>, 'pp' | 'sessionId'>) =>
  (await pp.getMessages(sessionId)).map(({ content }) => content);

describe('what was said while nobody listened', () => {
  it('is not asked for by a new bridge: it begins now', async () => {
    const { bridge, clock, storage } = await conversation();
    const mark = await storage.state('heard', 'fake');
    expect(mark?.value).toBe(clock.now() - 1000);
    await clock.advance(10 * MINUTE);
    expect(bridge.asked).toEqual([]);
  });

  it('arrives when the bridge starts again, in order and once, with what overlaps', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const first = await conversation({ clock, storage });
    await first.bridge.type('heard');
    await clock.advance(5 * MINUTE);
    const stoppedAt = clock.now();
    const { live } = first.bridge;
    await first.pp.stop();
    await clock.advance(60 * MINUTE);
    const bridge = new FakeBridge('fake', { catchUp: true });
    bridge.said.push(...first.bridge.said);
    const base = { operator: { id: 'bob', name: 'Bob' }, kind: 'message', version: 1 } as const;
    for (const number of [1, 2, 3]) {
      const ref = { chatId: 'chat', threadId: 't1', platformId: `missed${number}` };
      bridge.said.push({ ...base, ref, at: live.clock.now() - number, content: `missed ${number}` });
    }
    const again = house({ clock, storage, bridge });
    await again.pp.start();
    await clock.advance(1000);
    const [asked] = bridge.asked;
    expect(asked).toBeLessThanOrEqual(stoppedAt - MINUTE);
    expect(asked).toBeGreaterThan(stoppedAt - 2 * MINUTE);
    expect(bridge.asked).toHaveLength(1);
    const { sessionId } = first;
    expect(await contents({ ...again, sessionId })).toEqual([
      'hello?',
      'heard',
      'missed 1',
      'missed 2',
      'missed 3',
    ]);
    expect(Number((await storage.state('heard', 'fake'))?.value)).toBeGreaterThan(stoppedAt + 59 * MINUTE);
  });

  it('is no command where a reply was made one, after any number of restarts', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const first = await conversation({ clock, storage });
    const ref = { chatId: 'chat', threadId: 't1', platformId: await first.bridge.type('close') };
    const by = { operator: { id: 'ada', name: 'Ada' }, ref, at: clock.now() };
    const close = { name: 'close', args: '' };
    const edit = { kind: 'edit', content: '/close', version: 2, command: close, sentAt: by.at } as const;
    await first.bridge.live.receive({ ...by, ...edit });
    let { pp } = first;
    for (let restart = 0; restart < 2; restart++) {
      await pp.stop();
      const bridge = new FakeBridge('fake', { catchUp: true });
      bridge.said.push({ ...by, kind: 'command', name: 'close', args: '' });
      ({ pp } = house({ clock, storage, bridge }));
      await pp.start();
      await clock.advance(5000);
      expect(bridge.asked).toHaveLength(1);
      expect(bridge.answers).toEqual([]);
    }
    expect(await contents({ ...first, pp })).toEqual(['hello?', 'close']);
    expect((await storage.session(first.sessionId))?.status).toBe('open');
  });

  it('is nothing for the visitor where a command was made words, after any number of restarts', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const first = await conversation({ clock, storage });
    await first.bridge.command('dance', { id: 'c' });
    const at = clock.now();
    await clock.advance(1000);
    let { pp } = first;
    const answers: string[] = [];
    for (let restart = 0; restart < 2; restart++) {
      await pp.stop();
      const bridge = new FakeBridge('fake', { catchUp: true });
      const ref = { chatId: 'chat', threadId: 't1', platformId: 'c' };
      const operator = { id: 'ada', name: 'Ada' };
      bridge.said.push({ kind: 'message', operator, ref, at, content: 'what a bore', version: 2 });
      ({ pp } = house({ clock, storage, bridge }));
      await pp.start();
      await clock.advance(5000);
      expect(bridge.asked).toHaveLength(1);
      answers.push(...bridge.answers.map(({ text }) => text));
    }
    expect(await contents({ ...first, pp })).toEqual(['hello?']);
    expect(answers).toEqual([expect.stringMatching(/^Commands cannot be edited/)]);
  });

  it('is asked for when the bridge says that it missed something, from where it last heard everything', async () => {
    const it = await conversation();
    const { bridge, clock } = it;
    await clock.advance(2 * MINUTE);
    bridge.deaf = true;
    await bridge.type('missed');
    await clock.advance(10_000);
    bridge.deaf = false;
    bridge.live.missed();
    await clock.advance(100);
    expect(await contents(it)).toEqual(['hello?', 'missed']);
    expect(bridge.asked).toHaveLength(1);
    expect(clock.now() - (bridge.asked[0] ?? 0)).toBeLessThan(2 * MINUTE);
    await clock.advance(5 * MINUTE);
    expect(bridge.asked).toHaveLength(1);
  });

  it('is not believed to be heard while the connection is broken', async () => {
    const it = await conversation();
    const { bridge, clock } = it;
    await clock.advance(MINUTE);
    bridge.live.broken(refusal('unavailable'));
    bridge.deaf = true;
    const brokenAt = clock.now();
    await clock.advance(MINUTE);
    await bridge.type('missed');
    await clock.advance(30 * MINUTE);
    bridge.deaf = false;
    bridge.live.healed();
    await clock.advance(100);
    expect(await contents(it)).toEqual(['hello?', 'missed']);
    expect(bridge.asked[0]).toBeLessThanOrEqual(brokenAt - MINUTE);
  });

  it('is asked for again, from the same instant, until all of it was taken', async () => {
    const it = await conversation();
    const { bridge, clock, logger } = it;
    bridge.deaf = true;
    for (const text of ['one', 'two', 'three']) await bridge.type(text);
    bridge.fail('since', refusal('unavailable'), refusal('rate_limited', { retryAfterMs: 20_000 }));
    bridge.live.missed();
    await clock.advance(1500);
    expect(bridge.asked).toHaveLength(2);
    expect(await contents(it)).toEqual(['hello?']);
    await clock.advance(19_000);
    expect(bridge.asked).toHaveLength(2);
    await clock.advance(2000);
    expect(bridge.asked).toHaveLength(3);
    expect(new Set(bridge.asked).size).toBe(1);
    expect(await contents(it)).toEqual(['hello?', 'one', 'two', 'three']);
    expect(
      logger.lines.filter(({ message }) => message.includes('could not ask for what it missed')),
    ).toHaveLength(2);
  });

  it('is given up on for now when the platform falls silent, and asked for again', async () => {
    const it = await conversation();
    const { bridge, clock } = it;
    bridge.deaf = true;
    await bridge.type('one');
    bridge.fail('since', 'hang');
    bridge.live.missed();
    await clock.advance(59_000);
    expect(bridge.asked).toHaveLength(1);
    await clock.advance(3000);
    expect(bridge.asked).toHaveLength(2);
    expect(await contents(it)).toEqual(['hello?', 'one']);
  });

  it('takes as long as the platform takes, if the bridge shows that it goes on', async () => {
    const it = await conversation();
    const { bridge, clock } = it;
    bridge.deaf = true;
    await bridge.type('one');
    bridge.busyMs.push(30_000, 10 * MINUTE, 30_000);
    bridge.live.missed();
    await clock.advance(10 * MINUTE);
    expect(await contents(it)).toEqual(['hello?']);
    await clock.advance(2 * MINUTE);
    expect(bridge.asked).toHaveLength(1);
    expect(await contents(it)).toEqual(['hello?', 'one']);
  });

  it('is no longer waited for once the bridge stops', async () => {
    const { bridge, clock, pp } = await conversation();
    bridge.busyMs.push(10 * MINUTE);
    bridge.live.missed();
    await clock.advance(MINUTE);
    await pp.stop();
    expect(clock.pending).toBe(0);
  });

  it('comes before what is said meanwhile in the same conversation', async () => {
    const it = await unheard('first');
    const { bridge, clock } = it;
    bridge.live.missed();
    const live = bridge.type('second');
    await clock.advance(100);
    await live;
    expect(await contents(it)).toEqual(['hello?', 'first', 'second']);
  });

  it('comes before that also where it has to be asked for once more', async () => {
    const it = await unheard('first');
    const { bridge, clock } = it;
    bridge.fail('since', refusal('unavailable'));
    bridge.live.missed();
    await clock.advance(100);
    const live = bridge.type('second');
    await clock.advance(1900);
    await live;
    expect(await contents(it)).toEqual(['hello?', 'first', 'second']);
  });

  it('keeps nobody waiting for more than two seconds', async () => {
    const it = await conversation();
    const { bridge, clock } = it;
    bridge.fail('since', 'hang');
    bridge.live.missed();
    await clock.advance(0);
    let taken = false;
    void bridge.type('now').then(() => {
      taken = true;
    });
    await clock.advance(1900);
    expect(taken).toBe(false);
    await clock.advance(200);
    expect(taken).toBe(true);
    await bridge.type('and now');
    expect(await contents(it)).toEqual(['hello?', 'now', 'and now']);
  });

  it('comes before what is said meanwhile however long it takes, where the platform keeps its order', async () => {
    const it = await unheard('one', new FakeBridge('fake', { catchUp: true, inOrder: true }));
    const { bridge, clock } = it;
    bridge.fail('since', 'hang');
    bridge.live.missed();
    await clock.advance(0);
    void bridge.type('two');
    await clock.advance(50_000);
    expect(await contents(it)).toEqual(['hello?']);
    await clock.advance(20_000);
    expect(await contents(it)).toEqual(['hello?', 'one', 'two']);
  });

  it('is not passed by what waits for it when the bridge stops: that has to be handed over again', async () => {
    const it = await unheard('one', new FakeBridge('fake', { catchUp: true, inOrder: true }));
    const { bridge, clock, pp } = it;
    bridge.fail('since', 'hang');
    bridge.live.missed();
    await clock.advance(0);
    const refused = expect(bridge.type('two')).rejects.toMatchObject({ code: 'unavailable' });
    await clock.advance(0);
    const before = await contents(it);
    const stopped = pp.stop();
    await clock.advance(0);
    await Promise.all([stopped, refused]);
    expect(before).toEqual(['hello?']);
  });

  it('is asked for when the bridge heard it, and the storage refused it, and nobody hands it over again', async () => {
    const clock = virtualClock();
    const memory = new MemoryStorage({ clock });
    let refuses = false;
    const storage = new Proxy(memory, {
      get: (target, name: keyof MemoryStorage) => {
        const member = target[name];
        if (name === 'links' && refuses) return () => Promise.reject(new Error('the storage is away'));
        return typeof member === 'function' ? (member as () => unknown).bind(target) : member;
      },
    });
    const it = await conversation({ clock, storage });
    const { bridge } = it;
    refuses = true;
    await expect(bridge.type('refused')).rejects.toThrow('away');
    refuses = false;
    const refusedAt = clock.now();
    await clock.advance(50_000);
    expect(Number((await memory.state('heard', 'fake'))?.value)).toBeLessThanOrEqual(refusedAt);
    await clock.advance(50_000);
    expect(await contents(it)).toEqual(['hello?', 'refused']);
    await clock.advance(5 * MINUTE);
    expect(bridge.asked).toHaveLength(1);
    expect(Number((await memory.state('heard', 'fake'))?.value)).toBeGreaterThan(refusedAt + 5 * MINUTE);
  });

  it('is asked for by the node that has the bridge, and by no other', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const { bridge, pp } = await conversation({ clock, storage });
    const standby = new FakeBridge('fake', { catchUp: true });
    const other = house({ clock, storage, bridge: standby });
    await other.pp.start();
    bridge.deaf = true;
    await bridge.type('missed');
    await clock.advance(MINUTE);
    expect(standby.asked).toEqual([]);
    standby.said.push(...bridge.said);
    await pp.stop();
    await clock.advance(10_000);
    expect(standby.asked).toHaveLength(1);
  });

  it('is no business of a bridge that cannot catch up', async () => {
    const { bridge, clock, storage } = await begin(new FakeBridge());
    bridge.live.missed();
    await clock.advance(MINUTE);
    expect(await storage.state('heard', 'fake')).toBeNull();
  });
});

/** A conversation on a bridge that its platform calls, and that the platform may not reach. */
const called = async (options: Parameters<typeof house>[0] = {}) => {
  const bridge = callable();
  const it = await begin(bridge, options);
  await it.say('hello?');
  await it.clock.advance(1000);
  return { ...it, bridge };
};

/** A bridge whose platform calls any node, and tells what was said, or that it left something out. */
const callable = () => {
  const bridge = new FakeBridge('fake', { catchUp: true });
  bridge.webhook = {
    receiver: (host) => async (request) => {
      if (request.body === 'missed') host.missed();
      else await host.receive(JSON.parse(String(request.body)));
      return { status: 200 };
    },
  };
  return bridge;
};

const told = (body: string) => ({ headers: {}, body });

describe('what a platform could not tell us, where it calls us', () => {
  it('arrives within a few minutes after it could not reach us for long, though nothing else is said', async () => {
    const it = await called();
    const { bridge, clock } = it;
    await clock.advance(10 * MINUTE);
    bridge.deaf = true;
    await bridge.type('during the outage');
    await clock.advance(4 * MINUTE);
    expect(await contents(it)).toEqual(['hello?', 'during the outage']);
  });

  it('is asked for from the last look on, whatever happened since, and by the next process, too', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const it = await called({ clock, storage });
    await clock.advance(60 * MINUTE);
    const { asked } = it.bridge;
    expect(asked.length).toBeGreaterThanOrEqual(15);
    expect(asked.length).toBeLessThanOrEqual(20);
    const mark = async () => Number((await storage.state('heard', 'fake'))?.value);
    const before = await mark();
    it.bridge.fail('since', ...Array.from({ length: 1000 }, () => refusal('unavailable')));
    await clock.advance(30 * MINUTE);
    expect(await mark()).toBeLessThanOrEqual(before + 3 * MINUTE);
    expect(asked.at(-1)).toBe((await mark()) - MINUTE);
    await it.pp.stop();
    const next = callable();
    await house({ clock, storage, bridge: next }).pp.start();
    await clock.advance(1000);
    expect(next.asked).toEqual([asked.at(-1)]);
  });

  it('arrives where a node that stands by could not take it', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const it = await called({ clock, storage });
    const standby = callable();
    const away = new Proxy(storage, {
      get: (target, name: keyof MemoryStorage) => {
        const member = target[name];
        if (name === 'links') return () => Promise.reject(new Error('the storage is away'));
        return typeof member === 'function' ? (member as () => unknown).bind(target) : member;
      },
    });
    const other = house({ clock, storage: away, bridge: standby });
    await other.pp.start();
    await clock.advance(10 * MINUTE);
    it.bridge.deaf = true;
    await it.bridge.type('refused there');
    const [said] = it.bridge.said;
    await expect(other.pp.webhook('fake', told(JSON.stringify(said)))).rejects.toThrow('away');
    await clock.advance(4 * MINUTE);
    expect(standby.asked).toEqual([]);
    expect(await contents(it)).toEqual(['hello?', 'refused there']);
  });

  it('is waited for by nobody while there is no sign that anything is missing', async () => {
    const it = await called();
    const { bridge, clock } = it;
    bridge.busyMs.push(30_000);
    await clock.advance(3 * MINUTE + 1000);
    expect(bridge.asked).toHaveLength(1);
    await bridge.type('now');
    expect(await contents(it)).toEqual(['hello?', 'now']);
  });

  it('holds nothing up on a node that stands by, which asks for nothing', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const it = await called({ clock, storage });
    const standby = callable();
    const other = house({ clock, storage, bridge: standby });
    await other.pp.start();
    await other.pp.webhook('fake', told('missed'));
    it.bridge.deaf = true;
    await it.bridge.type('now');
    await other.pp.webhook('fake', told(JSON.stringify(it.bridge.said[0])));
    expect(standby.asked).toEqual([]);
    expect(await contents(it)).toEqual(['hello?', 'now']);
  });
});
