/**
 * The process's one value of this key, made at the first call. Next evaluates a module anew whenever it was edited in development, and
 * may bundle it into several routes; an engine kept so is still one.
 *
 * @example export const pp = shared('pocketping', () => new PocketPing({ … }));
 */
export function shared<T>(key: string, create: () => T): T {
  const { values } = kept();
  if (!values.has(key)) values.set(key, create());
  return values.get(key) as T;
}

interface Stoppable {
  /** What it was given to keep conversations in. */
  readonly storage?: object | undefined;
  stop(options?: { readonly keepStorage?: boolean }): Promise<void>;
}

/**
 * Notes who serves a mount, and stops whom it replaces there: in development, the engine of a module as it was before it was edited.
 * A storage that lies in a module of its own is still the same one, which the new engine uses: that one stays open.
 */
export async function takeOver(mount: string, engine: Stoppable): Promise<void> {
  const { serving } = kept();
  const before = serving.get(mount);
  serving.set(mount, engine);
  if (before === undefined || before === engine) return;
  await before.stop({ keepStorage: before.storage !== undefined && before.storage === engine.storage });
}

interface Kept {
  readonly values: Map<string, unknown>;
  readonly serving: Map<string, Stoppable>;
}

const KEY = Symbol.for('@pocketping/adapter-next');

const kept = (): Kept => {
  const holder = globalThis as { [KEY]?: Kept };
  holder[KEY] ??= { values: new Map(), serving: new Map() };
  return holder[KEY];
};
