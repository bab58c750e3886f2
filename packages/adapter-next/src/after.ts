import type { Logger } from '@pocketping/core';

/** Has work done once the answer is sent, within the time that the platform gives the route. */
export type After = (work: () => Promise<void>) => void | Promise<void>;

/** What of `next/server` is used: `after` came with Next 15.1. */
interface NextServer {
  readonly after?: (work: () => Promise<void>) => void;
}

/**
 * Next's own: https://nextjs.org/docs/app/api-reference/functions/after. Loaded when it is needed, because this package may lie in an
 * app without Next. Outside of a request of Next's, and where there is none, the work begins at once.
 */
export const afterOfNext = (logger: Logger, load: () => Promise<NextServer> = loadNext): After => {
  let loaded: Promise<NextServer['after']> | undefined;
  const find = async () => {
    let missing: unknown;
    const { after } = await load().catch((err: unknown): NextServer => {
      missing = err;
      return {};
    });
    if (after) return after;
    const outcome =
      'so deliveries begin before the answer is sent, and a platform that stops a route with its answer cuts them off';
    if (isInNext())
      logger.warn({}, `next/server has no after(), ${outcome}. Update Next: npm install next@16`);
    else logger.debug({ err: missing }, `there is no Next here, ${outcome}`);
    return undefined;
  };
  return async (work) => {
    loaded ??= find();
    const after = await loaded;
    try {
      if (after) return after(work);
    } catch (err) {
      logger.debug({ err }, 'after() of Next works within its requests only');
    }
    void work();
  };
};

/**
 * Within a `try`, esbuild and webpack take a module that they cannot find for one that may be missing, and the program is built all the same;
 * Rollup leaves such an import as it is anyway.
 */
const loadNext = async (): Promise<NextServer> => {
  try {
    return await import('next/server.js');
  } catch (cause) {
    throw new Error('next/server cannot be loaded', { cause });
  }
};

/** https://nextjs.org/docs/app/guides/instrumentation#importing-runtime-specific-code: Next says so by a variable. */
const isInNext = (): boolean => globalThis.process?.env?.NEXT_RUNTIME !== undefined;
