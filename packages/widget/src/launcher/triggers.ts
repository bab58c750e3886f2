import type { PocketPing } from '../pocketping.js';

/** Events that a page may trigger at once; they come back one a second. */
const BURST = 20;
const REFILL_MS = 1_000;
/** UTF-16 code units of the data as JSON. The server counts bytes, and is stricter than this where it matters. */
const LONGEST = 4_096;

type Data = Parameters<PocketPing['trigger']>[1];

/** Decides what of the page's events is sent at all. */
export function triggers() {
  let left = BURST;
  let filledAt = 0;
  let warned = false;

  const hasRoom = (): boolean => {
    const now = performance.now();
    left = Math.min(BURST, left + (now - filledAt) / REFILL_MS);
    filledAt = now;
    if (left >= 1) {
      left--;
      return true;
    }
    if (!warned) warn('too many events: some are dropped');
    warned = true;
    return false;
  };

  return {
    /** Hands over what is to be sent: the data as it is now, whatever the page does with it later. It never throws. */
    admit(name: string, data: Data, send: (name: string, data: Data) => void) {
      try {
        if (!hasRoom()) return;
        const json = JSON.stringify(data ?? {});
        if (typeof name !== 'string' || !name || json[0] !== '{' || json.length > LONGEST)
          throw `needs a name, and as data an object of at most ${LONGEST} bytes`;
        send(name, data ? JSON.parse(json) : undefined);
      } catch (error) {
        warn('event', name, error);
      }
    },
  };
}

const warn = (...what: unknown[]) => console.warn('PocketPing:', ...what);
