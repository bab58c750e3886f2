import type { Options } from './options.js';
import { PocketPing } from './pocketping.js';

/** What a page may have put in place before the script was there: `window.PocketPing = { q: [['init', {…}]] }`. */
interface Waiting {
  q?: [method: keyof typeof PocketPing, ...args: unknown[]][];
}

declare global {
  interface Window {
    PocketPing?: typeof PocketPing | Waiting;
  }
}

const waiting = (window.PocketPing as Waiting | undefined)?.q ?? [];
const { endpoint, ...rest } = { ...document.currentScript?.dataset } as Partial<
  Record<keyof Options, string>
>;

window.PocketPing = PocketPing;
// Only texts can stand in attributes: data-endpoint, data-title, data-operator-name, data-welcome-message, data-theme,
// data-primary-color, data-position, data-z-index.
if (endpoint) PocketPing.init({ endpoint, ...rest } as unknown as Options);
for (const [method, ...args] of waiting) (PocketPing[method] as (...args: unknown[]) => unknown)(...args);
