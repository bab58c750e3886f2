/** Work on the same things, one after another in the order it was asked for; on different things, side by side. */
export class Lanes {
  readonly #last = new Map<string, Promise<void>>();

  /** @param keys the names of everything that `work` reads or changes */
  async run<T>(keys: ReadonlySet<string>, work: () => Promise<T>): Promise<T> {
    const before = [...keys].map((key) => this.#last.get(key));
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    for (const key of keys) this.#last.set(key, over);
    try {
      await Promise.all(before);
      return await work();
    } finally {
      for (const key of keys) if (this.#last.get(key) === over) this.#last.delete(key);
      end();
    }
  }
}
