import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** The first of `paths` that can be run. */
export const findProgram = (...paths: (string | undefined)[]): string | undefined => paths.find(canRun);

function canRun(path: string | undefined): boolean {
  try {
    if (path) accessSync(path, constants.X_OK);
    return !!path;
  } catch {
    return false;
  }
}

export interface Family {
  readonly first: ChildProcess;
  /** Ends it and everything it has started. */
  end(): Promise<void>;
}

/** Starts a program as the first of a process group, so that those it starts can be ended with it. */
export function startFamily(path: string, args: string[], options: SpawnOptions): Family {
  const first = spawn(path, args, { ...options, detached: true });
  const exited = new Promise((resolve) => first.once('exit', resolve).once('error', resolve));
  const signal = (name: NodeJS.Signals) => {
    try {
      if (first.pid) process.kill(-first.pid, name);
    } catch {
      // Nobody of it is left.
    }
  };
  const kill = () => signal('SIGKILL');
  process.once('exit', kill);
  return {
    first,
    async end() {
      // It may tidy up; what is left of it then is not asked.
      signal('SIGTERM');
      await Promise.race([exited, sleep(3_000)]);
      kill();
      process.off('exit', kill);
      await exited;
    },
  };
}

/** Waits for `pattern` in what a stream says; rejects when it ends, or after 30 s, with what was said instead. */
export const said = (stream: Readable, pattern: RegExp): Promise<RegExpMatchArray> =>
  new Promise((resolve, reject) => {
    let text = '';
    const fail = () => reject(new Error(`no ${pattern} in: ${text}`));
    const timer = setTimeout(fail, 30_000);
    const listen = (chunk: string) => {
      text += chunk;
      const found = text.match(pattern);
      if (!found) return;
      clearTimeout(timer);
      // What it says from here on is of no interest, but has to go somewhere.
      stream.off('data', listen).resume();
      resolve(found);
    };
    stream.setEncoding('utf8').on('data', listen).once('end', fail);
  });

/** A folder that a browser can call home. */
export async function temporaryHome(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'pocketping-browser-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) };
}

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('not a port');
  return address.port;
}
