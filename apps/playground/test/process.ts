import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** A playground in a process of its own, as people run it. */
export interface Running {
  readonly url: string;
  readonly port: string;
  readonly output: () => string;
  /** Ends it with a signal, and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export const folder = () => {
  const path = mkdtempSync(join(tmpdir(), 'playground-'));
  return {
    path,
    database: join(path, 'playground.db'),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
};

/** Resolves when it prints its address. Rejects with what it printed when it ends before. */
export const run = async (env: Record<string, string>): Promise<Running> => {
  const child = launch({ PORT: '0', ...env });
  const output = collect(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((ready, failed) => {
    child.stdout?.on('data', () => {
      const [address] = /http:\/\/localhost:\d+/.exec(output()) ?? [];
      if (address) ready(address);
    });
    void ended.then((code) => failed(new Error(`it ended with ${code}:\n${output()}`)));
  });
  return {
    url,
    port: new URL(url).port,
    output,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
};

/** Runs it until it ends by itself. */
export const runToEnd = async (
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> => {
  const child = launch(env);
  const output = collect(child);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, output: output() };
};

const launch = (env: Record<string, string>): ChildProcess => {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, [main], { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
};

const collect = (child: ChildProcess): (() => string) => {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
};
