import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChatState } from '../../packages/widget/src/client/state.js';
import type { LogLine, ServerSettings } from '../server/messages.js';
import { ServerProcess } from '../server/process.js';

/** What is left of a server's lives. */
export interface Remains {
  /** What each visitor sees on a page opened at the end. */
  readonly fresh: readonly ChatState[];
  /** The database. */
  readonly file: string;
  /** Warnings and errors of all its lives. */
  readonly logged: readonly LogLine[];
}

/** A server that is killed and started again, on the same file and port. */
export class Lives {
  readonly port: number;
  /** Of all its lives. */
  readonly logged: LogLine[] = [];
  readonly #program: string;
  readonly #settings: Omit<ServerSettings, 'port'>;
  #current: ServerProcess;

  static async begin(program: string, settings: Omit<ServerSettings, 'port'>, seed: number): Promise<Lives> {
    return new Lives(program, settings, await freePort(seed));
  }

  private constructor(program: string, settings: Omit<ServerSettings, 'port'>, port: number) {
    this.#program = program;
    this.#settings = settings;
    this.port = port;
    this.#current = this.#start();
  }

  get current(): ServerProcess {
    return this.#current;
  }

  async kill(): Promise<void> {
    await this.#current.kill();
    this.#keepLog();
  }

  async resurrect(deadMs: number): Promise<void> {
    await pause(deadMs);
    this.#current = this.#start();
  }

  async stop(): Promise<void> {
    await this.#current.stop();
    this.#keepLog();
  }

  #start(): ServerProcess {
    return new ServerProcess(this.#program, { ...this.#settings, port: this.port });
  }

  #keepLog(): void {
    this.logged.push(...this.#current.logged);
  }
}

/** Below what systems give to whoever asks for any port: nobody takes it while the server is dead. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;

const freePort = async (seed: number): Promise<number> => {
  for (let attempt = 0; ; attempt++) {
    const port = FIRST_PORT + ((process.pid * 97 + seed * 13 + attempt) % PORTS);
    const probe = createServer();
    const free = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
};
