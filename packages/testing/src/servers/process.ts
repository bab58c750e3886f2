import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

/** How long a server may take to be ready, or to end. */
export const PATIENCE_MS = 30_000;

/** How long clients may take to leave a server that ends. */
const LEAVE_MS = 2000;

/** Whether somebody listens on this port of this machine. */
export const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.setTimeout(1000, () => answer(false));
    socket.on('connect', () => answer(true)).on('error', () => answer(false));
  });

/**
 * Starts a server; it ends with this process.
 * @param ready what it prints once it takes connections
 * @throws Error with what it printed, when it is not ready in time
 */
export const startServer = async (
  program: string,
  args: readonly string[],
  { ready, ...options }: { ready: RegExp } & Pick<SpawnOptions, 'uid' | 'gid' | 'cwd'>,
): Promise<() => Promise<void>> => {
  const server = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = () => {
    server.kill('SIGKILL');
  };
  process.on('exit', end);
  await untilReady(server, program, ready);
  return async () => {
    process.off('exit', end);
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    // A server may wait for its clients, which are leaving, before it throws them out.
    server.kill('SIGTERM');
    const timers = [setTimeout(() => server.kill('SIGINT'), LEAVE_MS), setTimeout(end, PATIENCE_MS)];
    await ended;
    for (const timer of timers) clearTimeout(timer);
  };
};

const untilReady = (server: ChildProcess, program: string, ready: RegExp): Promise<void> =>
  new Promise((resolve, reject) => {
    let printed = '';
    const fail = (what: string) => reject(new Error(`${program} ${what}. It printed:\n${printed}`));
    const impatience = setTimeout(() => {
      server.kill('SIGKILL');
      fail(`was not ready after ${PATIENCE_MS / 1000} s`);
    }, PATIENCE_MS);
    server.on('error', (error) => fail(`could not be started: ${error.message}`));
    server.on('exit', (code) => fail(`ended with ${code}`));
    for (const stream of [server.stdout, server.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        printed = `${printed}${text}`.slice(-10_000);
        if (!ready.test(printed)) return;
        clearTimeout(impatience);
        resolve();
      });
    }
  });
