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

it('leaves the failures of what is made of a call to its maker', async () => {
  const { pp, errors } = begin();
  const made = pp.getSessions().then(() => {
    throw new Error('mine');
  });
  expect(Object.getPrototypeOf(made)).toBe(Promise.prototype);
  await expect(made).rejects.toThrow('mine');
  expect(errors()).toEqual([]);
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
