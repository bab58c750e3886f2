import { recordingLogger } from '@pocketping/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { afterOfNext } from '../src/after.js';

const told = async (load?: Parameters<typeof afterOfNext>[1]) => {
  const logger = recordingLogger();
  const after = afterOfNext(logger, load);
  const work = vi.fn(async () => {});
  await after(work);
  await after(work);
  return { work, lines: logger.lines.map(({ level, message }) => `${level}: ${message}`) };
};

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('what is done once the answer is sent', () => {
  it('is handed to Next', async () => {
    const given: unknown[] = [];
    const { work, lines } = await told(async () => ({ after: (work) => void given.push(work) }));
    expect(given).toEqual([work, work]);
    expect(work).not.toHaveBeenCalled();
    expect(lines).toEqual([]);
  });

  it('begins at once outside of a request of Next’s', async () => {
    const { work } = await told();
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('begins at once where there is no Next', async () => {
    const { work, lines } = await told(() => Promise.reject(new Error("Cannot find package 'next'")));
    expect(work).toHaveBeenCalledTimes(2);
    expect(lines).toEqual([expect.stringMatching(/^debug: there is no Next here/)]);
  });

  it('is a warning in a Next that has no after(), once, with the command that installs one that has', async () => {
    vi.stubEnv('NEXT_RUNTIME', 'nodejs');
    const { work, lines } = await told(async () => ({}));
    expect(work).toHaveBeenCalledTimes(2);
    expect(lines).toEqual([
      expect.stringMatching(/^warn: next\/server has no after\(\), .* npm install next@16$/),
    ]);
  });
});
