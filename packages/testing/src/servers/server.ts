import { describe } from 'vitest';

/** A real server, with a database of its own for whoever asked. */
export interface Server {
  readonly url: string;
  /** Removes the database, and ends the server if it was started for this. */
  stop(): Promise<void>;
}

/** There is none, and why. */
export interface Absent {
  readonly absent: string;
}

/**
 * A suite that needs a real server. Where there is none it does not run, and its name and the console say why; on CI, where
 * everything has to be there, that is a failure.
 *
 * @example
 * describeWith(await redisDatabase(), 'a list', ({ url }) => { … });
 */
export const describeWith = (
  server: Server | Absent,
  name: string,
  suite: (server: Server) => void,
): void => {
  if ('absent' in server) {
    console.warn(`DOES NOT RUN: ${name}: ${server.absent}`);
    describe.skip(`${name} (${server.absent})`, () => suite({ url: '', stop: async () => {} }));
    return;
  }
  describe(name, () => suite(server));
};

/** What somebody runs on the standard port need not be for us. */
export const unlessRefused = async (
  url: string,
  use: (url: string) => Promise<Server>,
): Promise<Server | undefined> => {
  try {
    return await use(url);
  } catch (error) {
    console.warn(`${url} is of no use for tests, so another server is started: ${error}`);
    return undefined;
  }
};
