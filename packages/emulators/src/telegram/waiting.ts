export interface WaitOptions {
  /** Milliseconds; 5,000 unless told. */
  readonly timeoutMs?: number;
  /** What the error names as missing. */
  readonly what?: string;
}

/**
 * Resolves with what `look` finds: now, or at the change that brings it. Nothing is polled.
 * @throws Error when the time is over
 */
export function whenSeen<T>(
  changes: { listen(listener: () => void): () => void },
  look: () => T | undefined,
  options: WaitOptions = {},
): Promise<T> {
  const { timeoutMs = 5_000, what = 'what was waited for' } = options;
  return new Promise((resolve, reject) => {
    const stop = changes.listen(() => attempt());
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`${what} did not appear within ${timeoutMs} ms`));
    }, timeoutMs);
    const attempt = () => {
      try {
        const found = look();
        if (found === undefined) return;
        resolve(found);
      } catch (error) {
        reject(error);
      }
      stop();
      clearTimeout(timer);
    };
    attempt();
  });
}
