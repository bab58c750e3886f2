import { createLoader } from './launcher/loader.js';
import { scriptLoader } from './launcher/script-loader.js';
import type { Options } from './options.js';
import type { PocketPing as Api } from './pocketping.js';

/** What a page may have put in place before the script was there: `window.PocketPing = { q: [['init', {…}]] }`. */
interface Waiting {
  q?: [method: keyof Api, ...args: unknown[]][];
}

declare global {
  interface Window {
    PocketPing?: Api | Waiting;
  }
}

const waiting = (window.PocketPing as Waiting | undefined)?.q ?? [];
const own = document.currentScript as HTMLScriptElement | null;
const { endpoint, ...rest } = { ...own?.dataset } as Partial<Record<keyof Options, string>>;
const PocketPing = createLoader(scriptLoader(own));

window.PocketPing = PocketPing;
// Only texts can stand in attributes: data-endpoint, data-title, data-operator-name, data-welcome-message, data-theme,
// data-primary-color, data-position, data-z-index.
if (endpoint) PocketPing.init({ endpoint, ...rest } as unknown as Options);
for (const [method, ...args] of waiting) (PocketPing[method] as (...args: unknown[]) => unknown)(...args);
