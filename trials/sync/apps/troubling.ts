import type { TroubleName } from '../fate.js';
import type { App } from './app.js';

/** What an emulator can do to anything that it tells. */
interface Telling {
  deliverTimes(times: number, count: number): () => void;
  reorder(count: number, how: { readonly seed: number }): () => void;
}

/** Begins a trouble. What it returns ends it, if that is a function; others end by themselves. */
type Begin = (seed: number) => unknown;

/** Troubles by name: those of every platform, and one's own. @throws Error for a name that is none of them */
export const troubling =
  (platform: Telling, own: Partial<Record<TroubleName, Begin>>): App['trouble'] =>
  (name, seed) => {
    const usual: Partial<Record<TroubleName, Begin>> = {
      twice: () => platform.deliverTimes(2, 5),
      thrice: () => platform.deliverTimes(3, 5),
      'out of order': () => platform.reorder(4, { seed }),
    };
    const begin = own[name] ?? usual[name];
    if (!begin) throw new Error(`it knows no trouble called ${name}`);
    const end = begin(seed);
    return typeof end === 'function' ? () => void end() : () => {};
  };
