import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import next from 'next';
import { afterAll, beforeAll } from 'vitest';
import type { NextHandler } from '../src/index.js';

const app = fileURLToPath(new URL('app', import.meta.url));
const UNDER_TEST = Symbol.for('handler under test');

/**
 * Next's own server with the app in `test/app`, as `next build` has made it; its routes are served by the handler that is put in.
 * @param name of the test's file: two builds must not share a folder
 */
export const servedByNext = (name: string) => {
  let handle: ReturnType<ReturnType<typeof next>['getRequestHandler']>;
  beforeAll(async () => {
    const bin = createRequire(import.meta.url).resolve('next/dist/bin/next');
    const env = {
      ...process.env,
      NODE_ENV: 'production' as const,
      NEXT_TELEMETRY_DISABLED: '1',
      DIST: `.next/${name}`,
    };
    await promisify(execFile)(process.execPath, [bin, 'build', app], { env });
    process.env.DIST = env.DIST;
    const server = next({ dev: false, dir: app, quiet: true });
    await server.prepare();
    handle = server.getRequestHandler();
    afterAll(() => server.close());
  }, 180_000);

  /** @returns the server's origin */
  return async (handler: NextHandler): Promise<{ origin: string; close: () => Promise<void> }> => {
    (globalThis as { [UNDER_TEST]?: NextHandler })[UNDER_TEST] = handler;
    const server = createServer((req, res) => void handle(req, res));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      close: async () => {
        const closed = new Promise((resolve) => server.close(resolve));
        handler.close();
        server.closeIdleConnections();
        await closed;
      },
    };
  };
};
