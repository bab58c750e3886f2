import { mkdtempSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How often the stack is looked at, in microseconds. */
const INTERVAL = 200;

/** Samples this process's stack, in the format that Chromium's developer tools open. */
export class StackProfiler {
  readonly #session = new Session();

  async start(): Promise<void> {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
    await this.#session.post('Profiler.start');
  }

  /** @returns the file with what was seen since the start */
  async stop(): Promise<string> {
    const { profile } = await this.#session.post('Profiler.stop');
    this.#session.disconnect();
    const file = join(mkdtempSync(join(tmpdir(), 'pocketping-profile-')), 'server.cpuprofile');
    writeFileSync(file, JSON.stringify(profile));
    return file;
  }
}
