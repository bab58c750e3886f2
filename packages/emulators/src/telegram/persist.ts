import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StateFileError } from '../state-file-error.js';
import type { ChatState, EmulatorState } from './state.js';

/** A change that no call waits for is in the file after this many milliseconds at most, plus the time of writing. */
const WRITE_AFTER_MS = 30;

/**
 * Ids skipped at each load. What happened in the last moments before a kill may be missing from the file; a client
 * that saw those ids must never meet them again on something else.
 */
const SKIPPED_IDS = 1000;

/** Keeps a state in a JSON file: written shortly after each change, replaced by renaming. */
export class StateFile {
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    readonly path: string,
    private readonly current: () => unknown,
  ) {}

  /** Call after each change. */
  changed(): void {
    this.#timer ??= setTimeout(() => this.#write(), WRITE_AFTER_MS).unref();
  }

  /** Resolves when the file has what there is now, or cannot be written, which `flush` tells: a client is told of nothing that a kill undoes. */
  readonly written = (): Promise<void> => this.flush().catch(() => {});

  /** Writes no more. */
  abandon(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Writes what is not written yet. Rejects if the file cannot be written. */
  async flush(): Promise<void> {
    if (this.#timer) this.#write();
    await this.#writing;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const before = this.#writing.catch(() => {});
    this.#writing = before.then(() => replace(this.path, serialise(this.current())));
    // A failed write is reported by `flush`; the next change tries again.
    this.#writing.catch(() => {});
  }
}

/** The state a file holds, or undefined if there is no file. Throws if the file holds something else. */
export function load(path: string): EmulatorState | undefined {
  const saved = savedIn(path);
  if (saved === undefined) return undefined;
  const state = isState(saved) ? saved : isFirstState(saved) ? upgraded(saved) : undefined;
  if (!state) throw new StateFileError(path, "does not hold a Telegram emulator's state");
  const whole = { ...state, files: state.files ?? new Map() };
  for (const chat of whole.chats.values()) chat.nextMessageId += SKIPPED_IDS;
  whole.nextUpdateId += SKIPPED_IDS;
  return whole;
}

/** What a file holds, or undefined if there is no file. @throws StateFileError if it is no JSON */
export function savedIn(path: string): unknown {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  try {
    return JSON.parse(text, (_key, value) => (isMap(value) ? new Map(value.$map) : value));
  } catch (cause) {
    throw new StateFileError(path, 'is damaged', { cause });
  }
}

const serialise = (state: unknown): string =>
  JSON.stringify(state, (_key, value: unknown) => (value instanceof Map ? { $map: [...value] } : value));

let written = 0;

async function replace(path: string, content: string): Promise<void> {
  const fresh = `${path}.${process.pid}-${++written}.new`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(fresh, content, { mode: 0o600 });
  await rename(fresh, path);
}

const isMap = (value: unknown): value is { $map: [unknown, unknown][] } =>
  typeof value === 'object' && value !== null && '$map' in value && Array.isArray(value.$map);

/** Where there were no files yet, none were kept. */
type SavedState = Omit<EmulatorState, 'files'> & Partial<Pick<EmulatorState, 'files'>>;

const isState = (value: unknown): value is SavedState =>
  hasVersion(value, 2) && 'chats' in value && value.chats instanceof Map;

/** The first version knew one chat, and kept what belongs to it beside everything else. */
type FirstState = Omit<EmulatorState, 'version' | 'chats' | 'forumChatId' | 'privacy' | 'files'> &
  Pick<ChatState, 'membership' | 'nextMessageId' | 'topics' | 'messages' | 'reads'> & {
    readonly version: 1;
    readonly chat: { readonly id: number; readonly title: string };
  };

const isFirstState = (value: unknown): value is FirstState =>
  hasVersion(value, 1) && 'messages' in value && value.messages instanceof Map;

function upgraded(first: FirstState): SavedState {
  const { chat, membership, nextMessageId, topics, messages, reads, ...rest } = first;
  const people = [...first.users.values()].filter((user) => !user.is_bot).map((user) => user.id);
  const forum: ChatState = {
    ...chat,
    type: 'supergroup',
    isForum: true,
    membership,
    nextMessageId,
    people,
    topics,
    messages,
    reads,
  };
  return { ...rest, version: 2, privacy: true, forumChatId: chat.id, chats: new Map([[chat.id, forum]]) };
}

const hasVersion = (value: unknown, version: number): value is object =>
  typeof value === 'object' && value !== null && 'version' in value && value.version === version;
