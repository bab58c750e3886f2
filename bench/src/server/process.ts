import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Answer, Calls } from './control.js';
import type { Kind } from './subject.js';

/** A server in a process of its own. */
export interface Server {
  readonly port: number;
  call<Name extends keyof Calls>(name: Name, ...args: Parameters<Calls[Name]>): ReturnType<Calls[Name]>;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a server from what was built, as in production.
 * @param wrap makes the command that pins a command to the servers' core
 * @throws Error when it ends before it listens
 */
export function startServer(
  kind: Kind,
  wrap: (command: readonly string[]) => readonly string[],
): Promise<Server> {
  const [command = '', ...args] = wrap([
    process.execPath,
    '--expose-gc',
    join(import.meta.dirname, 'serve.js'),
    JSON.stringify(kind),
  ]);
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server of ${kind.subject} ended with ${code}`)));
    const asks = new Asks(child, (port) =>
      resolve({
        port,
        call: (name, ...args) => asks.ask(name, args[0]) as ReturnType<Calls[typeof name]>,
        stop: () => ended(child),
      }),
    );
  });
}

/** What was asked of a child and is not answered yet. */
class Asks {
  readonly #child: ChildProcess;
  readonly #open = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #numbered = 0;

  constructor(child: ChildProcess, listens: (port: number) => void) {
    this.#child = child;
    child.on('message', (answer: Answer) => {
      if ('port' in answer) return listens(answer.port);
      const ask = this.#open.get(answer.id);
      this.#open.delete(answer.id);
      if (answer.error === undefined) ask?.resolve(answer.result);
      else ask?.reject(new Error(answer.error));
    });
    child.once('exit', (code) => {
      for (const { reject } of this.#open.values()) reject(new Error(`the server ended with ${code}`));
    });
  }

  ask(call: keyof Calls, argument: unknown): Promise<unknown> {
    const id = ++this.#numbered;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#child.send({ id, call, argument });
    });
  }
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.disconnect();
  });
