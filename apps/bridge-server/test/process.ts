import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export type Env = Readonly<Record<string, string>>;

/** A line of the log. */
export interface Logged {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A server in a process of its own, as people run it. */
export interface Running {
  readonly url: string;
  readonly pid: number;
  /** A folder of its own, which it was started in. */
  readonly folder: string;
  readonly log: () => readonly Logged[];
  readonly output: () => string;
  health(): Promise<Health>;
  /** Ends it with a signal, and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface Health {
  readonly status: string;
  readonly bridges: readonly { readonly name: string; readonly state: string; readonly reason?: string }[];
}

/** A folder that is gone after the test. */
export const temporary = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'bridge-server-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/**
 * Resolves when it says that it listens, and rejects with what it printed when it ends before. It is ended after the test. It has a
 * free port and a database in a folder of its own, unless `env` says otherwise.
 */
export const run = async (env: Env = {}, folder = temporary()): Promise<Running> => {
  const child = launch({ PORT: '0', ...env }, folder);
  const output = collect(child);
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const log = () => linesOf(output());
  const url = await new Promise<string>((ready, failed) => {
    child.stdout?.on('data', () => {
      const found = log().find(({ msg }) => msg === 'listening');
      if (found) ready(String(found.url));
    });
    void ended.then((code) => failed(new Error(`it ended with ${code}:\n${output()}`)));
  });
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    return ended;
  };
  onTestFinished(async () => {
    await stop('SIGKILL');
  });
  return {
    url,
    pid: child.pid as number,
    folder,
    log,
    output,
    stop,
    health: async () => (await fetch(`${url}/health`)).json() as Promise<Health>,
  };
};

/** Runs it until it ends by itself. */
export const runToEnd = async (
  env: Env,
  folder = temporary(),
): Promise<{ readonly code: number | null; readonly log: readonly Logged[]; readonly output: string }> => {
  const child = launch({ PORT: '0', ...env }, folder);
  const output = collect(child);
  const [code] = await once(child, 'exit');
  return { code, log: linesOf(output()), output: output() };
};

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const launch = (env: Env, cwd: string): ChildProcess => {
  const { PATH = '' } = process.env;
  return spawn(process.execPath, [main], { cwd, env: { PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
};

const collect = (child: ChildProcess): (() => string) => {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  return () => text;
};

const linesOf = (output: string): Logged[] =>
  output
    .split('\n')
    .slice(0, -1)
    .map((line) => (line.startsWith('{') ? (JSON.parse(line) as Logged) : { level: 'none', msg: line }));
