import { BridgeError } from '@pocketping/core';
import { hostInTest, type VirtualClock, virtualClock } from '@pocketping/testing';
import type { RawApi } from 'grammy';
import type { Update } from 'grammy/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { poll } from '../src/poll.js';
import type { Telegram } from '../src/telegram.js';

/** How the next poll ends; a poll without a script waits until it is aborted, as Telegram makes it wait. */
type Ending = number[] | Error;

let clock: VirtualClock;
let stop: AbortController;
let script: Ending[];
let asked: { offset: number; timeout: number }[];
let taken: number[];
let refused: Set<number>;
let watched: ReturnType<typeof hostInTest>;
let running: Promise<void>;

const start = (take?: (update: Update) => Promise<void>) => {
  running = poll({
    telegram: scripted(),
    listener: { ...watched.host, clock },
    timeoutSeconds: 25,
    signal: stop.signal,
    take:
      take ??
      (async ({ update_id }) => {
        taken.push(update_id);
        if (refused.has(update_id)) throw new Error('The storage is away');
      }),
  });
};

const scripted = (): Telegram => {
  const getUpdates = ({ offset = 0, timeout = 0 }, signal: AbortSignal): Promise<Update[]> => {
    asked.push({ offset, timeout });
    const ending = script.shift();
    if (ending instanceof Error) return Promise.reject(ending);
    if (ending) return Promise.resolve(ending.map((update_id) => ({ update_id })));
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new BridgeError('unavailable', 'aborted')));
    });
  };
  const ask: Telegram['ask'] = (request, signal) =>
    request({ getUpdates } as unknown as RawApi, signal as unknown as Parameters<typeof request>[1]);
  return { ask, act: ask, upload: ask, download: () => Promise.reject(new Error('nothing is fetched')) };
};

beforeEach(() => {
  clock = virtualClock();
  stop = new AbortController();
  [script, asked, taken, refused, watched] = [[], [], [], new Set(), hostInTest()];
});

afterEach(async () => {
  stop.abort();
  await running;
});

describe('the offset', () => {
  it('passes what was taken, in order', async () => {
    script = [[5, 6, 7], [8]];
    start();
    await clock.advance(0);
    expect(taken).toEqual([5, 6, 7, 8]);
    expect(asked.map(({ offset }) => offset)).toEqual([0, 8, 9]);
  });

  it('waits for the commit', async () => {
    let commit = () => {};
    script = [[5, 6]];
    start(({ update_id }) => {
      taken.push(update_id);
      return new Promise((resolve) => {
        commit = resolve;
      });
    });
    await clock.advance(60_000);
    expect(taken).toEqual([5]);
    expect(asked).toHaveLength(1);
    commit();
    await clock.advance(0);
    expect(taken).toEqual([5, 6]);
    expect(asked).toHaveLength(1);
    commit();
  });

  it('stays before the first update that was refused, and it comes again', async () => {
    script = [
      [5, 6, 7],
      [6, 7],
      [6, 7],
    ];
    refused.add(6);
    start();
    await clock.advance(0);
    expect(taken).toEqual([5, 6]);
    await clock.advance(500);
    expect(taken).toEqual([5, 6, 6]);
    refused.clear();
    await clock.advance(1000);
    expect(taken).toEqual([5, 6, 6, 6, 7]);
    expect(asked.map(({ offset }) => offset)).toEqual([0, 6, 6, 8]);
    expect(watched.logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });

  it('follows when Telegram begins with new numbers', async () => {
    script = [[900], [3], [4]];
    start();
    await clock.advance(0);
    expect(asked.map(({ offset }) => offset)).toEqual([0, 901, 4, 5]);
  });
});

describe('a poll that fails', () => {
  it('is repeated soon and without fuss the first time', async () => {
    script = [new BridgeError('unavailable', 'reset'), [5]];
    start();
    await clock.advance(500);
    expect(taken).toEqual([5]);
    expect(watched.broken).toEqual([]);
    expect(watched.healed).toEqual([]);
  });

  it('twice is reported until a poll works, which is tried without being held', async () => {
    script = [new BridgeError('unavailable', 'down'), new BridgeError('unavailable', 'down'), []];
    start();
    await clock.advance(500);
    expect(watched.broken).toHaveLength(1);
    await clock.advance(1000);
    expect(watched.healed).toEqual([1]);
    expect(asked.map(({ timeout }) => timeout)).toEqual([25, 0, 0, 25]);
  });

  it('is repeated ever more slowly, at least every half a minute', async () => {
    script = Array.from({ length: 100 }, () => new BridgeError('unavailable', 'down'));
    start();
    await clock.advance(60_000);
    const early = asked.length;
    expect(early).toBeLessThan(14);
    await clock.advance(300_000);
    expect(asked.length - early).toBeGreaterThanOrEqual(9);
    expect(asked.length - early).toBeLessThanOrEqual(21);
  });

  it('for want of rights is reported at once and repeated every half a minute', async () => {
    script = [new BridgeError('unauthorized', 'revoked'), new BridgeError('unauthorized', 'revoked'), [5]];
    start();
    await clock.advance(0);
    expect(watched.broken).toMatchObject([{ code: 'unauthorized' }]);
    await clock.advance(29_000);
    expect(asked).toHaveLength(1);
    await clock.advance(31_000);
    expect(taken).toEqual([5]);
    expect(watched.healed).toHaveLength(1);
  });

  it('because of another poller is reported at once', async () => {
    script = [new BridgeError('misconfigured', 'another process')];
    start();
    await clock.advance(500);
    expect(watched.broken).toMatchObject([{ code: 'misconfigured' }]);
    expect(asked).toHaveLength(2);
  });

  it('because of too many requests waits as long as it was told, and is nobody’s fault', async () => {
    script = [new BridgeError('rate_limited', 'slow down', { retryAfterMs: 7000 }), []];
    start();
    await clock.advance(6999);
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    expect(asked.length).toBeGreaterThan(1);
    expect(watched.broken).toEqual([]);
  });

  it('in a way nobody foresaw does not end the polling', async () => {
    script = [new TypeError('updates is not iterable'), [5]];
    start();
    await clock.advance(500);
    expect(taken).toEqual([5]);
    expect(watched.broken).toHaveLength(1);
  });
});

describe('stopping', () => {
  it('ends a poll that is held', async () => {
    start();
    await clock.advance(0);
    stop.abort();
    await running;
    expect(watched.broken).toEqual([]);
  });

  it('ends a wait', async () => {
    script = [new BridgeError('unauthorized', 'revoked')];
    start();
    await clock.advance(0);
    stop.abort();
    await running;
    expect(asked).toHaveLength(1);
  });

  it('waits for what is being taken, and takes no more', async () => {
    let commit = () => {};
    let ended = false;
    script = [[5, 6]];
    start(({ update_id }) => {
      taken.push(update_id);
      return new Promise((resolve) => {
        commit = resolve;
      });
    });
    await clock.advance(0);
    void running.then(() => {
      ended = true;
    });
    stop.abort();
    await clock.advance(0);
    expect(ended).toBe(false);
    commit();
    await running;
    expect(taken).toEqual([5]);
  });
});
