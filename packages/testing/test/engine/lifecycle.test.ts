import { BridgeError, LocalBroker, MemoryStorage, PocketPing } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { recordingLogger } from '../../src/logger.js';
import { FakeBridge } from './fake-bridge.js';
import { house, visitor } from './house.js';

describe('starting', () => {
  it('happens at the first use', async () => {
    const bridge = new FakeBridge();
    const { pp, clock } = house({ bridge });
    const { say } = await visitor({ pp });
    await say('hello');
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_one', 'hello']);
  });

  it('rejects with what a person has to do, and runs nothing then', async () => {
    const bridge = new FakeBridge();
    bridge.fail('start', new BridgeError('unauthorized', 'Create a new token.'));
    const { pp } = house({ bridge });
    await expect(pp.start()).rejects.toThrow('Create a new token.');
    expect(bridge.host).toBeUndefined();
    await pp.start();
    expect(bridge.host).toBeDefined();
  });

  it('accepts messages for a bridge that does not work, and delivers them when it does', async () => {
    const bridge = new FakeBridge();
    bridge.fail('start', new BridgeError('misconfigured', 'Turn topics on.'), new Error('a bug'));
    const { pp, clock, logger } = house({ bridge });
    const { say } = await visitor({ pp });
    await say('kept');
    expect(logger.lines.some(({ message }) => message.includes('Turn topics on.'))).toBe(true);
    await clock.advance(5 * 60_000);
    expect(bridge.shown()).toEqual(['card vis_one', 'kept']);
  });

  it('tries a platform that cannot be reached again in the background', async () => {
    const bridge = new FakeBridge();
    bridge.fail('start', new BridgeError('unavailable', 'no network'));
    const { pp, clock } = house({ bridge });
    await pp.start();
    expect((await pp.health()).bridges).toMatchObject([{ state: 'paused', reason: 'unavailable' }]);
    await clock.advance(60_000);
    expect((await pp.health()).status).toBe('ok');
  });

  it('tells when the storage cannot be had, and tries again with the next use', async () => {
    const storage = new MemoryStorage();
    let broken = true;
    Object.assign(storage, {
      init: async () => {
        if (broken) throw new Error('disk full');
      },
    });
    const { pp } = house({ storage });
    await expect(pp.getSessions()).rejects.toThrow('disk full');
    expect((await pp.health()).status).toBe('down');
    broken = false;
    expect(await pp.getSessions()).toEqual([]);
  });

  it('refuses two bridges of one name, and names that cannot be one', () => {
    const { pp } = house({ bridge: new FakeBridge('support') });
    expect(() => pp.addBridge(new FakeBridge('support'))).toThrow(/already/);
    expect(() => pp.addBridge(new FakeBridge('No Good'))).toThrow(/lower-case/);
  });
});

describe('stopping', () => {
  it('ends everything, and the engine stays stopped', async () => {
    const bridge = new FakeBridge();
    const { pp, clock } = house({ bridge });
    await pp.start();
    await pp.stop();
    expect(bridge.host).toBeUndefined();
    expect(clock.pending).toBe(0);
    await expect(pp.getSessions()).rejects.toThrow(/stopped/);
    // Nothing but what it answers: a rejection that nobody could handle would end the process.
    await expect(pp.start()).rejects.toThrow(/stopped/);
  });
});

describe('two nodes', () => {
  it('share a bridge: one runs it, and the other takes over', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const broker = { ...sharedBroker(), close: async () => {} };
    const [first, second] = [new FakeBridge(), new FakeBridge()];
    const a = house({ clock, storage, broker, bridge: first });
    const b = house({ clock, storage, broker, bridge: second });
    await a.pp.start();
    await b.pp.start();
    expect([first.host, second.host].map((host) => host !== undefined)).toEqual([true, false]);
    expect((await b.pp.health()).bridges).toMatchObject([{ state: 'standby' }]);

    const { say } = await visitor(b);
    await say('through the other node');
    await clock.advance(0);
    expect(first.shown()).toEqual(['card vis_one', 'through the other node']);

    await a.pp.stop();
    await clock.advance(5000);
    expect(second.host).toBeDefined();
    second.threads.push(...first.threads);
    await say('and on');
    await clock.advance(0);
    expect(second.shown()).toEqual(['and on']);
  });

  it('take up at once what the other was at work on when it was killed', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    let isKilled = false;
    const [first, second] = [new FakeBridge(), new FakeBridge()];
    const a = house({ clock, storage: mortal(storage, () => isKilled), bridge: first });
    const b = house({ clock, storage, bridge: second });
    await a.pp.start();
    await b.pp.start();
    const { say } = await visitor(b);
    await say('one');
    await clock.advance(5000);
    expect(first.shown()).toEqual(['card vis_one', 'one']);
    first.fail('post', 'hang');
    await say('two');
    await clock.advance(2000);
    expect(first.log.at(-1)).toBe('post');
    isKilled = true;
    second.threads.push(...first.threads);
    await clock.advance(35_000);
    expect(second.host).toBeDefined();
    expect(second.shown()).toEqual(['two']);
    isKilled = false;
  });

  it('never post twice: what a node does after it lost the lease does not count', async () => {
    const clock = virtualClock();
    const storage = new MemoryStorage({ clock });
    const bridge = new FakeBridge();
    const { pp } = house({ clock, storage, bridge });
    await pp.start();
    const { say, sessionId } = await visitor({ pp });
    await say('one');
    await clock.advance(0);
    const before = await storage.thread({ bridge: 'fake', sessionId });
    clock.set(clock.now() + 31_000);
    await storage.lease.take('bridge/fake', 'somebody else', 60_000);
    await say('two');
    await clock.advance(20_000);
    expect(await storage.thread({ bridge: 'fake', sessionId })).toEqual(before);
    expect(bridge.host).toBeUndefined();
  });
});

/** A storage that a killed process no longer reaches. */
const mortal = (storage: MemoryStorage, isKilled: () => boolean): MemoryStorage => {
  const reached = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (_, name) => {
        const member = target[name as keyof T];
        if (typeof member === 'object' && member !== null) return reached(member);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) =>
          isKilled() ? Promise.reject(new Error('killed')) : member.apply(target, args);
      },
    });
  return reached(storage);
};

const sharedBroker = () => {
  const broker = new LocalBroker({ logger: recordingLogger() });
  return {
    publish: broker.publish.bind(broker),
    subscribe: broker.subscribe.bind(broker),
  };
};

describe('callbacks', () => {
  it('are called after the commit, in order, as option and as method', async () => {
    const seen: string[] = [];
    const bridge = new FakeBridge();
    const { pp, clock } = house({
      bridge,
      onSessionStart: (session) => seen.push(`start ${session.visitorId}`),
      onMessage: async (session, message) => {
        const stored = await pp.getMessages(session.id);
        seen.push(`${message.sender} ${message.content} of ${stored.length}`);
      },
    });
    pp.onSessionStart((session) => seen.push(`also ${session.status}`)).onMessage(() => seen.push('also'));
    await pp.start();
    const { say, sessionId } = await visitor({ pp });
    await say('one');
    await say('two');
    await clock.advance(0);
    await bridge.type('reply');
    await pp.sendMessage(sessionId, { content: 'from the site' });
    await clock.advance(0);
    expect(seen).toEqual([
      'start vis_one',
      'also open',
      expect.stringMatching(/^visitor one of/),
      'also',
      expect.stringMatching(/^visitor two of/),
      'also',
      expect.stringMatching(/^operator reply of/),
      'also',
    ]);
  });

  it('harm nothing when they throw, reject or hang', async () => {
    const seen: string[] = [];
    const { pp, clock, logger } = house();
    pp.onMessage((_, { content }) => {
      if (content === 'throw') throw new Error('thrown');
      if (content === 'reject') return Promise.reject(new Error('rejected'));
      if (content === 'hang') return new Promise(() => {});
      return seen.push(content);
    });
    const { say } = await visitor({ pp });
    for (const content of ['throw', 'reject', 'hang', 'well']) await say(content);
    await clock.advance(0);
    expect(seen).toEqual([]);
    const other = await visitor({ pp }, 'vis_two');
    await other.say('not held up');
    await clock.advance(0);
    expect(seen).toEqual(['not held up']);
    await clock.advance(30_000);
    expect(seen).toEqual(['not held up', 'well']);
    expect(logger.lines.filter(({ level }) => level === 'error')).toHaveLength(2);
    expect(logger.lines.filter(({ message }) => message.includes('has not finished'))).toHaveLength(1);
  });
});

describe('sendMessage', () => {
  it('reaches the widget and every bridge', async () => {
    const bridge = new FakeBridge();
    const { pp, clock } = house({ bridge });
    const { say, sessionId } = await visitor({ pp });
    await say('hello');
    const message = await pp.sendMessage(sessionId, { content: 'Hi', type: 'operator', name: 'Bo' });
    expect(message).toMatchObject({ sender: 'operator', senderName: 'Bo', timestamp: expect.any(Date) });
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_one', 'hello', 'Bo: Hi']);
  });

  it('says what is wrong with a message', async () => {
    const { pp } = house();
    const { sessionId } = await visitor({ pp });
    const bad = [
      { content: '' },
      { content: ' \n' },
      { content: 'x'.repeat(20_001) },
      { content: '\0' },
      { content: 5 },
    ];
    for (const message of bad) {
      await expect(pp.sendMessage(sessionId, message as never)).rejects.toMatchObject({
        code: 'validation_failed',
      });
    }
    await expect(pp.sendMessage('sess_x', { content: 'x' })).rejects.toMatchObject({
      code: 'session_not_found',
    });
    expect(await pp.getMessages(sessionId)).toEqual([]);
  });
});

describe('a new engine', () => {
  it('works without any option, and warns that it forgets', () => {
    const logger = recordingLogger();
    new PocketPing({ logger });
    expect(logger.lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('in memory') }]);
  });
});
