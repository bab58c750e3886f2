import type { NewTask, Task, TaskKey } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { freshStorage, type StorageContract } from './fixture.js';
import { begin, committed } from './story.js';

export const describeTasks = (contract: StorageContract): void => {
  describe('a task', () => {
    const fixture = freshStorage(contract);
    const add = async (...tasks: (Partial<NewTask> & { key: string })[]) => {
      const { storage, clock } = fixture();
      const whole = tasks.map((task) => ({ queue: 'queue', kind: 'deliver', ...task }));
      committed(await storage.commit({ at: clock.now(), tasks: whole }));
    };
    const claim = (owner = 'a', limit = 10, queues = ['queue'], leaseMs = 1000) =>
      fixture().storage.tasks.claim({ queues, owner, leaseMs, limit });
    const keys = (tasks: readonly Task[]) => tasks.map(({ key }) => key);
    const only = async (owner = 'a'): Promise<Task> => {
      const tasks = await claim(owner);
      expect(tasks).toHaveLength(1);
      return tasks[0] as Task;
    };

    it('is claimed with all that was written', async () => {
      const { clock } = fixture();
      const { sessionId } = await begin(fixture());
      await add({ key: 'k', kind: 'deliver', sessionId, payload: { a: ['b', null, 1] } }, { key: 'bare' });
      const [task, bare] = (await claim()) as [Task, Task];
      expect(task).toMatchObject({
        queue: 'queue',
        key: 'k',
        kind: 'deliver',
        sessionId,
        payload: { a: ['b', null, 1] },
        attempts: 0,
        version: 1,
        runAt: clock.now(),
      });
      expect(typeof task.id).toBe('string');
      expect(bare).not.toHaveProperty('payload');
      expect(bare).not.toHaveProperty('sessionId');
    });

    it('is claimed by one owner only, however many ask at once', async () => {
      await add(...Array.from({ length: 100 }, (_, index) => ({ key: String(index) })));
      const claims = await Promise.all(
        Array.from({ length: 40 }, (_, index) => claim(index % 2 ? 'a' : 'b', 5)),
      );
      expect(keys(claims.flat())).toHaveLength(100);
      expect(new Set(keys(claims.flat())).size).toBe(100);
      expect(await claim('c')).toEqual([]);
    });

    it('is claimed longest due first, over all queues asked for, and not before it is due', async () => {
      const { clock } = fixture();
      const now = clock.now();
      await add({ key: 'later', runAt: now + 10 }, { key: 'third', runAt: now - 1 });
      await add({ key: 'second', runAt: now - 2, queue: 'other' }, { key: 'first', runAt: now - 3 });
      await add({ key: 'fourth' }, { key: 'fifth' }, { key: 'foreign', runAt: 0, queue: 'foreign' });
      const both = ['queue', 'other', 'none'];
      expect(keys(await claim('a', 2, both))).toEqual(['first', 'second']);
      expect(keys(await claim('a', 9, both))).toEqual(['third', 'fourth', 'fifth']);
      await clock.advance(9);
      expect(await claim('b')).toEqual([]);
      await clock.advance(1);
      expect(keys(await claim('b'))).toEqual(['later']);
      expect(await claim('b', 9, [])).toEqual([]);
      expect(await claim('b', 0, ['foreign'])).toEqual([]);
      expect(keys(await claim('b', 9, ['foreign', 'foreign']))).toEqual(['foreign']);
    });

    it('is free again when its lease ends, by the clock of the storage', async () => {
      const { clock } = fixture();
      await add({ key: 'k' });
      const first = await only('a');
      await clock.advance(999);
      expect(await claim('b')).toEqual([]);
      await clock.advance(1);
      const second = await only('b');
      expect(second).toEqual({ ...first });
    });

    it('is kept by who renews it', async () => {
      const { storage, clock } = fixture();
      await add({ key: 'k' });
      const { id, version } = await only('a');
      await clock.advance(900);
      expect(await storage.tasks.renew(id, 'a', 1000)).toBe(true);
      expect(await storage.tasks.renew(id, 'b', 1000)).toBe(false);
      await clock.advance(999);
      expect(await claim('b')).toEqual([]);
      await clock.advance(1);
      expect(await storage.tasks.renew(id, 'a', 1000)).toBe(false);
      expect(keys(await claim('b'))).toEqual(['k']);
      await storage.tasks.done(id, 'b', version);
      expect(await storage.tasks.renew(id, 'b', 1000)).toBe(false);
      expect(await storage.tasks.renew('no such task', 'b', 1000)).toBe(false);
    });

    it('is gone when it is done', async () => {
      const { storage, clock } = fixture();
      await add({ key: 'k' });
      const { id, version } = await only();
      await storage.tasks.done(id, 'a', version);
      expect(await storage.tasks.count('queue')).toBe(0);
      await clock.advance(10_000);
      expect(await claim()).toEqual([]);
      await storage.tasks.done(id, 'a', version);
      await add({ key: 'k' });
      expect(await only()).toMatchObject({ key: 'k', version: 1, attempts: 0 });
    });

    it('is not touched by its former owner', async () => {
      const { storage, clock } = fixture();
      await add({ key: 'k' });
      const { id, version } = await only('a');
      await clock.advance(1000);
      await storage.tasks.done(id, 'a', version);
      await storage.tasks.retry(id, 'a', 60_000, 'late');
      const second = await only('b');
      expect(second.attempts).toBe(0);
      await storage.tasks.done(id, 'a', version);
      await storage.tasks.retry(id, 'a', 0, 'later');
      expect(await storage.tasks.renew(id, 'a', 60_000)).toBe(false);
      expect(await claim('c')).toEqual([]);
      expect(await storage.tasks.count('queue')).toBe(1);
      await clock.advance(1000);
      expect((await only('c')).attempts).toBe(0);
    });

    it('that is added again while it runs is run once more', async () => {
      const { storage } = fixture();
      await add({ key: 'k', payload: 1 });
      const first = await only('a');
      await add({ key: 'k', payload: 2 });
      await add({ key: 'k', payload: 3 });
      expect(await claim('b')).toEqual([]);
      await storage.tasks.done(first.id, 'a', first.version);
      const second = await only('b');
      expect(second).toMatchObject({ payload: 3, version: 3, attempts: 0 });
      await storage.tasks.done(second.id, 'b', second.version);
      expect(await storage.tasks.count('queue')).toBe(0);
    });

    it('that is added again while it waits is replaced', async () => {
      const { clock } = fixture();
      const now = clock.now();
      await add({ key: 'k', runAt: now + 1000, payload: 1 });
      await add({ key: 'k', kind: 'other', runAt: now + 500 });
      await clock.advance(499);
      expect(await claim()).toEqual([]);
      await clock.advance(1);
      const task = await only();
      expect(task).toMatchObject({ kind: 'other', version: 2, runAt: now + 500 });
      expect(task).not.toHaveProperty('payload');
    });

    it('that is due and added again keeps its place in the queue', async () => {
      const { clock } = fixture();
      await add({ key: 'first' });
      await clock.advance(1);
      await add({ key: 'second' });
      await clock.advance(1);
      await add({ key: 'first', kind: 'newer' });
      expect(await claim('a', 1)).toMatchObject([{ key: 'first', kind: 'newer', version: 2 }]);
      await clock.advance(1);
      await add({ key: 'first' });
      expect(keys(await claim('a', 1))).toEqual(['second']);
    });

    it('that is added again waits for the instant it was added with', async () => {
      const { storage, clock } = fixture();
      await add({ key: 'k' });
      const { id, version } = await only();
      await add({ key: 'k', runAt: clock.now() + 500 });
      await storage.tasks.done(id, 'a', version);
      expect(await claim()).toEqual([]);
      await clock.advance(500);
      expect(await only()).toMatchObject({ version: 2 });
    });

    it('comes back after a delay, and counts errors only', async () => {
      const { storage, clock } = fixture();
      await add({ key: 'k' });
      for (const [delay, error, attempts] of [
        [50, undefined, 0],
        [70, 'failed', 1],
        [0, 'again', 2],
      ] as const) {
        const { id } = await only();
        await storage.tasks.retry(id, 'a', delay, error);
        if (delay > 0) {
          await clock.advance(delay - 1);
          expect(await claim('b')).toEqual([]);
          await clock.advance(1);
        }
        const [task] = (await claim('b')) as [Task];
        expect(task.attempts).toBe(attempts);
        await storage.tasks.retry(task.id, 'b', 0);
      }
    });

    it('comes back at once when it was added again before the retry', async () => {
      const { storage } = fixture();
      await add({ key: 'k' });
      const { id } = await only();
      await add({ key: 'k' });
      await storage.tasks.retry(id, 'a', 60_000, 'failed');
      expect(await only()).toMatchObject({ attempts: 1, version: 2 });
    });

    it('counts its attempts until it is done', async () => {
      const { storage } = fixture();
      await add({ key: 'k' });
      await storage.tasks.retry((await only()).id, 'a', 60_000, 'failed');
      await add({ key: 'k' });
      const second = await only();
      expect(second).toMatchObject({ attempts: 1, version: 2 });
      await add({ key: 'k' });
      await storage.tasks.done(second.id, 'a', second.version);
      expect(await only()).toMatchObject({ attempts: 0, version: 3 });
    });

    it('is cancelled, claimed or not', async () => {
      const { storage, clock } = fixture();
      const cancel = async (...cancel: TaskKey[]) =>
        committed(await storage.commit({ at: clock.now(), cancel }));
      await add({ key: 'waits' }, { key: 'runs', runAt: 0 }, { key: 'stays', runAt: clock.now() + 1 });
      const [running] = (await claim('a', 1)) as [Task];
      expect(running.key).toBe('runs');
      await cancel(
        { queue: 'queue', key: 'waits' },
        { queue: 'queue', key: 'runs' },
        { queue: 'x', key: 'y' },
      );
      expect(await storage.tasks.renew(running.id, 'a', 1000)).toBe(false);
      await storage.tasks.retry(running.id, 'a', 0, 'failed');
      await clock.advance(5000);
      expect(keys(await claim())).toEqual(['stays']);
      expect(await storage.tasks.count('queue')).toBe(1);
    });

    it('is handed back when somebody inherits its queue, with what its holder still says of it unheard', async () => {
      await add({ key: 'theirs' }, { key: 'mine' }, { key: 'foreign', queue: 'other' });
      await claim('b', 1, ['other']);
      const [theirs] = (await claim('b', 1)) as [Task];
      expect(keys(await claim('a', 1))).toEqual(['mine']);
      await fixture().storage.tasks.reclaim('queue', 'a');
      expect(keys(await claim('a'))).toEqual(['theirs']);
      await fixture().storage.tasks.done(theirs.id, 'b', theirs.version);
      expect(await fixture().storage.tasks.count('queue')).toBe(2);
      expect(await claim('a', 10, ['other'])).toEqual([]);
    });

    it('is counted with its queue, waiting or running', async () => {
      const { storage } = fixture();
      await add({ key: '1' }, { key: '2' }, { key: '3', runAt: 1e15 }, { key: '1', queue: 'other' });
      await claim('a', 1);
      expect(await storage.tasks.count('queue')).toBe(3);
      expect(await storage.tasks.count('other')).toBe(1);
      expect(await storage.tasks.count('none')).toBe(0);
    });

    it('is found among thousands, in order', async () => {
      const { clock } = fixture();
      const base = clock.now() - 10_000;
      const order = Array.from({ length: 2000 }, (_, index) => (index * 1009) % 2000);
      await add(...order.map((place) => ({ key: String(place), runAt: base + place })));
      await add(
        ...order.filter((place) => place % 3 === 0).map((place) => ({ key: String(place), runAt: 1e15 })),
      );
      const expected = Array.from({ length: 2000 }, (_, place) => place).filter((place) => place % 3 !== 0);
      const claimed: string[] = [];
      for (let page = 0; page < 5; page++) claimed.push(...keys(await claim('a', 300)));
      expect(claimed).toEqual(expected.map(String));
    });
  });
};
