import type { SharedFile } from '../shared-file.js';
import { typeOf } from '../shared-file.js';
import type { StoredFiles } from '../stored-files.js';
import { type Clock, pause } from '../telegram/clock.js';
import { newId, type WorkspaceState } from './state.js';
import type { StoredFile } from './types.js';

export interface FilesDependencies {
  readonly state: WorkspaceState;
  readonly bytes: StoredFiles;
  readonly clock: Clock;
  /** Milliseconds from the end of an upload until the file appears where it is shared. */
  readonly shareMs: number;
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal;
  /** Where files are, as it is then. */
  readonly origin: () => string;
}

/** The files of a workspace, and those that are being uploaded. @see https://docs.slack.dev/messaging/working-with-files */
export class Files {
  /** The key of an upload's address → what was announced. */
  readonly #announced = new Map<string, { readonly file: StoredFile; readonly length: number }>();
  readonly #uploaded = new Set<string>();

  constructor(private readonly about: FilesDependencies) {}

  get(id: string): StoredFile | undefined {
    return this.about.state.files.get(id);
  }

  /** A file with its bytes, there at once: what people share. */
  add({ name, bytes, type }: SharedFile, userId: string, more: Partial<StoredFile> = {}): StoredFile {
    const id = newId(this.about.state, 'F');
    const size = bytes.length;
    const file = { id, name, title: name, mimetype: type || typeOf(name), size, userId, ...more };
    this.about.bytes.keep(id, bytes);
    this.about.state.files.set(id, file);
    return file;
  }

  /** @returns where its bytes go */
  announce(name: string, length: number, userId: string): { readonly id: string; readonly url: string } {
    const { state, origin } = this.about;
    const file = { id: newId(state, 'F'), name, title: name, mimetype: typeOf(name), size: length, userId };
    const key = newId(state, 'Cw');
    this.#announced.set(key, { file, length });
    return { id: file.id, url: `${origin()}${UPLOADS}${key}` };
  }

  /** @returns why the bytes are not taken, if so */
  take(key: string, bytes: Uint8Array<ArrayBuffer>): string | undefined {
    const upload = this.#announced.get(key);
    if (!upload) return 'invalid upload url';
    if (upload.length !== bytes.length) return `expected ${upload.length} bytes, got ${bytes.length}`;
    this.about.bytes.keep(upload.file.id, bytes);
    this.about.state.files.set(upload.file.id, upload.file);
    this.#uploaded.add(upload.file.id);
    return undefined;
  }

  isUploaded(id: string): boolean {
    return this.#uploaded.has(id) && this.about.state.files.has(id);
  }

  rename(id: string, title: string): StoredFile | undefined {
    const file = this.get(id);
    if (file) this.about.state.files.set(id, { ...file, title });
    return this.get(id);
  }

  /** The sharing of what was uploaded takes its time, after the answer. */
  later(share: () => void): void {
    const { shareMs, clock, closing } = this.about;
    if (shareMs === 0) share();
    else void pause(clock, shareMs, closing).then(() => closing.aborted || share());
  }

  remove(id: string): void {
    this.about.state.files.delete(id);
    this.about.bytes.remove(id);
  }

  bytesOf(id: string): Uint8Array<ArrayBuffer> | undefined {
    return this.about.state.files.has(id) ? this.about.bytes.read(id) : undefined;
  }

  addressOf({ id, name }: StoredFile): string {
    const { state, origin } = this.about;
    return `${origin()}${PRIVATE}${state.team.id}-${id}/${encodeURIComponent(name)}`;
  }
}

/** Where uploads go. */
export const UPLOADS = '/upload/v1/';

/** Where files are. */
export const PRIVATE = '/files-pri/';
