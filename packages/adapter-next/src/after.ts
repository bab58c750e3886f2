import type { Logger } from '@pocketping/core';

/** Has work done once the answer is sent, within the time that the platform gives the route. */
export type After = (work: () => Promise<void>) => void | Promise<void>;

/**
 * Next's own: https://nextjs.org/docs/app/api-reference/functions/after. Loaded when it is needed, because this package may lie in an
 * app without Next. Outside of a request of Next's, the work begins at once.
 */
export const afterOfNext =
  (logger: Logger): After =>
  async (work) => {
    try {
      const { after } = await import('next/server.js');
      after(work);
    } catch (err) {
      logger.debug({ err }, 'there is no after() of Next here');
      void work();
    }
  };
