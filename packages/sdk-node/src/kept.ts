interface Closable {
  close(): unknown;
}

/**
 * What serves requests: made once for the same options, so that limits count over all of it, however often it is asked for.
 */
export class Kept<O extends object, H extends Closable> {
  readonly #made: { readonly options: O; readonly handler: H }[] = [];
  readonly #make: (options: O) => H;

  constructor(make: (options: O) => H) {
    this.#make = make;
  }

  for(options: O): H {
    const known = this.#made.find((one) => isSame(one.options, options));
    if (known) return known.handler;
    const handler = this.#make(options);
    this.#made.push({ options, handler });
    return handler;
  }

  /** What was made last, if anything was. */
  get newest(): H | undefined {
    return this.#made.at(-1)?.handler;
  }

  async close(): Promise<void> {
    await Promise.all(this.#made.map(({ handler }) => handler.close()));
  }
}

const isSame = (one: object, other: object): boolean => {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every(
    (name) => (one as Record<string, unknown>)[name] === (other as Record<string, unknown>)[name],
  );
};
