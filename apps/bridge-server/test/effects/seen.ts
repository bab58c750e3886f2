import { expect, vi } from 'vitest';
import type { discord, slack, telegram } from '../platforms.js';
import { type Env, run } from '../process.js';
import { visitor } from '../visitor.js';

type Platform = typeof telegram | typeof discord | typeof slack;

/** What the team sees on a platform of a visitor who says hello on a page, with some variables changed. */
export const seenOn =
  (platform: Platform, metadata: object = { url: 'https://www.example.com/lamps' }) =>
  async (change: Env): Promise<string> => {
    const { env, shows, all } = await platform();
    const { url } = await run({ ...env, ...change });
    await (await visitor(url, { metadata })).send('hello');
    await shows('hello');
    return all();
  };

/** How the only bridge is, once that is known. */
export const bridgeWith = async (env: Env) => {
  const server = await run(env);
  return vi.waitFor(
    async () => {
      const [bridge] = (await server.health()).bridges;
      expect(bridge?.state).not.toBe('starting');
      return bridge;
    },
    { timeout: 10_000 },
  );
};
