import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The bytes of what people and apps send: in memory or, where a folder is given, each in a file of its own there. */
export class StoredFiles {
  readonly #held = new Map<string, Uint8Array<ArrayBuffer>>();

  constructor(private readonly folder?: string) {}

  keep(id: string, bytes: Uint8Array<ArrayBuffer>): void {
    if (this.folder === undefined) {
      this.#held.set(id, bytes);
      return;
    }
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(this.#path(this.folder, id), bytes, { mode: 0o600 });
  }

  read(id: string): Uint8Array<ArrayBuffer> | undefined {
    if (this.folder === undefined) return this.#held.get(id);
    try {
      return readFileSync(this.#path(this.folder, id));
    } catch {
      return undefined;
    }
  }

  remove(id: string): void {
    if (this.folder === undefined) this.#held.delete(id);
    else rmSync(this.#path(this.folder, id), { force: true });
  }

  #path(folder: string, id: string): string {
    if (!/^\w+$/.test(id)) throw new Error(`"${id}" is no id`);
    return join(folder, id);
  }
}

/** Where the files of an emulator are whose state is in a file; in memory where it is not. */
export const filesBeside = (stateFile: string | undefined): StoredFiles =>
  new StoredFiles(stateFile === undefined ? undefined : `${stateFile}.files`);
