import { listen } from '../listen.js';

/** Strings by key, and who else wrote some. */
export interface KeyValue {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
  /** Calls back with the key that *another* tab changed, or `null` when it cleared everything. */
  onForeignChange(listener: (key: string | null) => void): () => void;
}

/**
 * localStorage where it works, memory where it does not: in a private window, a sandboxed frame, or when the quota is
 * used up, every access may throw, and the conversation must go on at least until the page is left.
 */
export function durableStorage(open: () => Storage): KeyValue {
  const memory = new Map<string, string>();
  const attempt = <T>(use: (storage: Storage) => T): T | undefined => {
    try {
      return use(open());
    } catch {
      return undefined;
    }
  };
  return {
    get: (key) => memory.get(key) ?? attempt((storage) => storage.getItem(key)) ?? null,
    set(key, value) {
      const kept = attempt((storage) => {
        storage.setItem(key, value);
        return true;
      });
      if (kept) memory.delete(key);
      else memory.set(key, value);
    },
    remove(key) {
      memory.delete(key);
      attempt((storage) => storage.removeItem(key));
    },
    keys: () => [...new Set([...memory.keys(), ...(attempt((storage) => Object.keys(storage)) ?? [])])],
    onForeignChange: (listener) => listen<StorageEvent>(window, ['storage'], ({ key }) => listener(key)),
  };
}
