import { MemoryStorage } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PocketPing } from '../src/index.js';

const begin = () => {
  const logger = recordingLogger();
  const pp = new PocketPing({ storage: new MemoryStorage(), logger });
  onTestFinished(() => pp.stop());
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  onTestFinished(() => void process.off('unhandledRejection', unhandled));
  const errors = () =>
    logger.lines
      .filter(({ level }) => level === 'error')
      .map(({ fields, message }) => [fields.call, message]);
  return { pp, errors, logger, unhandled };
};

/** Node reports a rejection that nobody handles once its microtasks are done. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 20));

const NOBODY = { code: 'session_not_found' };

describe('a call that fails', () => {
  it('is a line of the log, and no unhandled rejection, where nobody waits for it', async () => {
    const { pp, errors, logger, unhandled } = begin();
    pp.sendMessage('sess_xxx', { content: 'hello' });
    pp.emitEvent('sess_xxx', 'show_offer');
    pp.closeSession('sess_xxx');
    pp.identify('sess_xxx', { email: 'ada@example.com' });
    pp.broadcastEvent('');
    await vi.waitFor(() => expect(errors()).toHaveLength(5));
    await aWhile();
    expect(errors().sort()).toEqual(
      ['broadcastEvent', 'closeSession', 'emitEvent', 'identify', 'sendMessage'].map((call) => [
        call,
        expect.stringMatching(new RegExp(`^${call} failed, and nobody waited for it: .*(sess_xxx|name)`)),
      ]),
    );
    expect(logger.lines.find(({ fields }) => fields.call === 'emitEvent')?.fields.err).toMatchObject(NOBODY);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it.each<[string, (pp: PocketPing) => Promise<unknown>]>([
    ['awaited', async (pp) => await pp.closeSession('sess_xxx')],
    ['handed on', async (pp) => pp.closeSession('sess_xxx')],
    ['one of several', (pp) => Promise.all([pp.getSessions(), pp.closeSession('sess_xxx')])],
    [
      'awaited in a microtask',
      async (pp) => {
        const call = pp.closeSession('sess_xxx');
        await null;
        return call;
      },
    ],
    ['followed by more', (pp) => pp.closeSession('sess_xxx').then(() => 'closed')],
    ['finished with', (pp) => pp.closeSession('sess_xxx').finally(() => {})],
  ])('rejects, and is not logged, where it is %s', async (_how, call) => {
    const { pp, errors } = begin();
    await expect(call(pp)).rejects.toMatchObject(NOBODY);
    await aWhile();
    expect(errors()).toEqual([]);
  });

  it('is caught like any other', async () => {
    const { pp, errors } = begin();
    expect(await pp.closeSession('sess_xxx').catch((error) => error.code)).toBe('session_not_found');
    expect(errors()).toEqual([]);
  });

  it('is logged and rejects where somebody comes for it late', async () => {
    const { pp, errors, unhandled } = begin();
    const call = pp.closeSession('sess_xxx');
    await vi.waitFor(() => expect(errors()).toHaveLength(1));
    await aWhile();
    await expect(call).rejects.toMatchObject(NOBODY);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('what is made of a call that fails', () => {
  const lost = (pp: PocketPing) => pp.closeSession('sess_xxx');
  const LINE = [
    'closeSession',
    expect.stringMatching(/^closeSession failed, and nobody waited for it: .*sess_xxx/),
  ];

  it.each<[string, (pp: PocketPing) => unknown]>([
    ['then', (pp) => lost(pp).then(() => 'closed')],
    ['finally', (pp) => lost(pp).finally(() => {})],
    ['finally without a callback', (pp) => lost(pp).finally(null)],
    [
      'several of them',
      (pp) =>
        lost(pp)
          .then(() => 'closed')
          .finally(() => 'over')
          .then()
          .then(() => 1),
    ],
    ['several of one call', (pp) => [lost(pp)].map((call) => [call.then(() => 1), call.then(() => 2)])],
    ['a call that follows another', (pp) => pp.getSessions().then(() => lost(pp))],
    [
      'one that follows in time',
      (pp) =>
        pp
          .getSessions()
          .then(() => lost(pp))
          .finally(() => pp.getSessions()),
    ],
    ['one that follows a failure', (pp) => lost(pp).catch(() => lost(pp))],
    [
      'one within finally',
      (pp) =>
        pp
          .getSessions()
          .finally(() => void 0)
          .finally(() => lost(pp) as never),
    ],
  ])('is a line of the log, and no unhandled rejection, where nobody handles it: %s', async (_what, make) => {
    const { pp, errors, unhandled } = begin();
    make(pp);
    await vi.waitFor(() => expect(errors()).toHaveLength(1));
    await aWhile();
    expect(errors()).toEqual([LINE]);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('rejects where somebody comes for it late', async () => {
    const { pp, errors, unhandled } = begin();
    const made = lost(pp).then(() => 'closed');
    await vi.waitFor(() => expect(errors()).toEqual([LINE]));
    await aWhile();
    await expect(made).rejects.toMatchObject(NOBODY);
    expect(await made.catch((error) => error.code)).toBe(NOBODY.code);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it.each<[string, (pp: PocketPing) => Promise<unknown>]>([
    ['all', (pp) => Promise.all([pp.getSessions(), lost(pp).then(() => 1)])],
    ['race', (pp) => Promise.race([lost(pp).finally(() => {}), new Promise(() => {})])],
    ['an async function', async (pp) => await lost(pp).then(() => 1)],
    [
      'an async function as older TypeScript compiles it',
      (pp) => {
        const value = lost(pp).then(() => 1);
        return new Promise((resolve, reject) =>
          (value instanceof Promise ? value : Promise.resolve(value)).then(resolve, reject),
        );
      },
    ],
  ])('is handled by %s', async (_what, handle) => {
    const { pp, errors, unhandled } = begin();
    await expect(handle(pp)).rejects.toMatchObject(NOBODY);
    await aWhile();
    expect(errors()).toEqual([]);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('goes through finally as through any promise: the callback is waited for, and its outcome does not count', async () => {
    const { pp } = begin();
    const order: string[] = [];
    const cleared = async () => {
      await aWhile();
      order.push('cleared');
    };
    expect(await pp.getSessions().finally(cleared)).toEqual([]);
    order.push('then');
    await expect(lost(pp).finally(cleared)).rejects.toMatchObject(NOBODY);
    expect(order).toEqual(['cleared', 'then', 'cleared']);
  });
});

describe('what a callback throws', () => {
  const mine = new Error('mine');
  const fail = () => {
    throw mine;
  };

  it.each<[string, (pp: PocketPing) => unknown]>([
    ['then', (pp) => pp.getSessions().then(fail)],
    [
      'then, with more behind it',
      (pp) =>
        pp
          .getSessions()
          .then(fail)
          .then(() => 1)
          .finally(() => {}),
    ],
    ['catch', (pp) => pp.closeSession('sess_xxx').catch(fail)],
    ['finally', (pp) => pp.getSessions().finally(fail)],
    ['finally after a failure', (pp) => pp.closeSession('sess_xxx').finally(fail)],
    ['a promise of its own', (pp) => pp.getSessions().then(() => Promise.reject(mine))],
  ])('is unhandled as with any promise, and not ours to log: %s', async (_what, make) => {
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    onTestFinished(() => {
      for (const listener of listeners) process.on('unhandledRejection', listener);
    });
    const { pp, errors, unhandled } = begin();
    make(pp);
    await vi.waitFor(() => expect(unhandled).toHaveBeenCalled());
    await aWhile();
    expect(unhandled.mock.calls.map(([reason]) => reason)).toEqual([mine]);
    expect(errors()).toEqual([]);
  });

  it('is handled like any other', async () => {
    const { pp, errors } = begin();
    await expect(pp.getSessions().then(fail)).rejects.toThrow('mine');
    expect(errors()).toEqual([]);
  });
});

it('a call that succeeds answers as ever', async () => {
  const { pp, errors } = begin();
  const sessions = pp.getSessions();
  expect(sessions).toBeInstanceOf(Promise);
  expect(await sessions).toEqual([]);
  expect(await pp.getSession('sess_xxx')).toBeNull();
  expect(await pp.health()).toEqual({ status: 'ok', bridges: [] });
  expect(errors()).toEqual([]);
});

it('start and stop are such calls, too', async () => {
  const { pp, errors, unhandled } = begin();
  await pp.stop();
  pp.start();
  await vi.waitFor(() =>
    expect(errors()).toEqual([
      ['start', 'start failed, and nobody waited for it: This engine was stopped; create a new one.'],
    ]),
  );
  await aWhile();
  expect(unhandled).not.toHaveBeenCalled();
});
