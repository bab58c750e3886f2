import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The app whose one route is measured. Nothing of ours is in it, so it is built in a moment. */
export const NEXT_APP = join(import.meta.dirname, '..', 'next');

/** Has Next build the app as for production. @throws Error with what `next build` said when it fails */
export async function buildNextApp(): Promise<void> {
  const command = createRequire(import.meta.url).resolve('next/dist/bin/next');
  await promisify(execFile)(process.execPath, [command, 'build', NEXT_APP], {
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  });
}
