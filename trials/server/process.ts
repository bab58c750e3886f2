import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Ask, FromServer, LogLine, Measurement, ServerSettings } from './messages.js';

/** A server in a process of its own. */
export class ServerProcess {
  /** What it logged as a warning or an error, oldest first. */
  readonly logged: LogLine[] = [];
  /** The port, once it listens. Rejects when it ends before. */
  readonly listening: Promise<number>;
  /** How it ended: an exit code, or the signal that killed it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly #child: ChildProcess;
  #stderr = '';
  #measured: (measurement: Measurement) => void = () => {};

  constructor(program: string, settings: ServerSettings, nodeOptions: readonly string[] = []) {
    this.#child = fork(program, [JSON.stringify(settings)], {
      execArgv: [...nodeOptions],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(signal ?? code ?? 0));
    });
    this.listening = new Promise((resolve, reject) => {
      this.#child.on('message', (message: FromServer) => {
        if ('listening' in message) resolve(message.listening);
        else if ('logged' in message) this.logged.push(message.logged);
        else this.#measured(message.measured);
      });
      void this.ended.then((how) =>
        reject(new Error(`the server ended before it listened: ${how}\n${this.#stderr}`)),
      );
    });
    // Whoever kills it on purpose need not wait for it to listen.
    this.listening.catch(() => {});
  }

  /** The most memory that it has had, in bytes. @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
  get peakBytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  /** What it wrote where a process writes its last words. */
  get lastWords(): string {
    return this.#stderr;
  }

  /** Ends it as an operating system does that has run out of memory: at once, without a word. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** Ends it as its owner does. @throws Error if it does not end cleanly */
  async stop(): Promise<void> {
    this.#ask('stop');
    const how = await this.ended;
    if (how !== 0) throw new Error(`the server ended with ${how}\n${this.#stderr}`);
  }

  /** What it holds; needs `--expose-gc`. @param counts also how many objects there are: that takes a while */
  measure({ counts = false } = {}): Promise<Measurement> {
    return new Promise((resolve, reject) => {
      this.#measured = resolve;
      void this.ended.then((how) => reject(new Error(`the server ended: ${how}\n${this.#stderr}`)));
      this.#ask(counts ? 'count' : 'measure');
    });
  }

  #ask(ask: Ask): void {
    this.#child.send(ask);
  }
}
