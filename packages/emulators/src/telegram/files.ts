import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { between, type Random } from './random.js';
import type { EmulatorState, StoredFile } from './state.js';

/** The files that there are: what is known of them in the state, their bytes beside it. */
export class Files {
  constructor(
    private readonly state: Pick<EmulatorState, 'files'>,
    private readonly random: Random,
    private readonly bytes: Bytes,
  ) {}

  /**
   * Keeps a file.
   * @param folder where the download address says that it is, such as `photos`
   */
  keep(bytes: Uint8Array, folder: string, name: string): StoredFile {
    const uniqueId = this.#word(16);
    const file: StoredFile = {
      id: `${this.#word(56)}${uniqueId}`,
      uniqueId,
      size: bytes.length,
      path: `${folder}/file_${this.state.files.size}${extensionOf(name)}`,
    };
    this.bytes.write(uniqueId, bytes);
    this.state.files.set(file.id, file);
    return file;
  }

  get(id: string): StoredFile | undefined {
    return this.state.files.get(id);
  }

  /** The file at the path that `getFile` told. */
  at(path: string): StoredFile | undefined {
    return [...this.state.files.values()].find((file) => file.path === path);
  }

  /** @throws RangeError if there is no such file */
  bytesOf(id: string): Uint8Array {
    const file = this.get(id);
    if (!file) throw new RangeError(`there is no file ${id}`);
    return this.read(file);
  }

  read({ uniqueId }: StoredFile): Uint8Array {
    return this.bytes.read(uniqueId);
  }

  #word(length: number): string {
    return Array.from({ length }, () => ALPHABET[between(this.random, 0, ALPHABET.length)]).join('');
  }
}

/** Where bytes are. */
export interface Bytes {
  write(name: string, bytes: Uint8Array): void;
  read(name: string): Uint8Array;
}

export const bytesInMemory = (): Bytes => {
  const kept = new Map<string, Uint8Array>();
  return {
    write: (name, bytes) => void kept.set(name, bytes),
    read: (name) => kept.get(name) ?? new Uint8Array(),
  };
};

/** At once, so that no message in the state can be there before its file. */
export const bytesInFolder = (folder: string): Bytes => ({
  write: (name, bytes) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), bytes, { mode: 0o600 });
  },
  read: (name) => readFileSync(join(folder, name)),
});

/** Such as `.jpg`, as far as it is one that may stand in an address. */
const extensionOf = (name: string): string =>
  /^\.[a-z0-9]{1,8}$/.exec(extname(name).toLowerCase())?.[0] ?? '';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';
