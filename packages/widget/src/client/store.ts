/** A value that can be watched. */
export interface Store<T> {
  get(): T;
  /** Replaces the named fields and tells every subscriber, once. */
  set(patch: Partial<T>): void;
  /** Calls back after every change. The answer unsubscribes. */
  subscribe(listener: () => void): () => void;
}

export function createStore<T extends object>(initial: T): Store<T> {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set(patch) {
      current = { ...current, ...patch };
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
