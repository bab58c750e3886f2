import type { KeyValue } from './storage.js';

/** What waits to be sent. */
interface Waiting {
  /** Milliseconds since the epoch; grows strictly within one tab. */
  readonly createdAt: number;
}

/** The value of a key; what is none is nothing. */
export function readJson<T>(storage: KeyValue, key: string): T | undefined {
  try {
    return (JSON.parse(storage.get(key) ?? 'null') as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * What waits to be sent and outlives the page. Each entry has its own key: two tabs that write at the same moment cannot
 * overwrite one another.
 */
export function shelf<Entry extends Waiting>(storage: KeyValue, prefix: string) {
  const holds = (key: string) => key.startsWith(prefix);
  const keys = () => storage.keys().filter(holds);
  const get = (id: string) => readJson<Entry>(storage, prefix + id);
  return {
    holds,
    get,
    /** Oldest first. */
    all: (): Entry[] =>
      keys()
        .map((key) => readJson<Entry>(storage, key)!)
        .filter((entry) => entry?.createdAt)
        .sort((a, b) => a.createdAt - b.createdAt),
    put(id: string, entry: Entry) {
      storage.set(prefix + id, JSON.stringify(entry));
    },
    remove(id: string) {
      storage.remove(prefix + id);
    },
    clear() {
      for (const key of keys()) storage.remove(key);
    },
  };
}
