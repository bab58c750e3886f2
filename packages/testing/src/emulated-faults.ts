import type { PlatformProbe } from './bridge-contract/probe.js';
import { freePort } from './free-port.js';

/** An emulator of `@pocketping/emulators`, or any other that fails calls on demand. */
export interface FaultyEmulator {
  fault(rule: {
    readonly kind: 'rate_limit' | 'timeout_after' | 'timeout_before' | 'unauthorized' | 'refuse';
    readonly method: string | readonly string[];
    /** Seconds. */
    readonly retryAfter?: number;
    readonly delayMs?: number;
    readonly code?: number;
    readonly description?: string;
  }): unknown;
}

export interface Striking {
  /** The calls that put something on the platform. */
  readonly method: string | readonly string[];
  /** With what it refuses content that it does not take. */
  readonly refusal: { readonly code?: number; readonly description: string };
  /** Makes the bridge's next such call find nobody: no emulator can do that, for it is somebody. */
  sever(): void;
}

/** The `fail` of a probe over an emulator. */
export const emulatedFaults =
  (emulator: FaultyEmulator, { method, refusal, sever }: Striking): PlatformProbe['fail'] =>
  async (fault) => {
    switch (fault.kind) {
      case 'rate_limited':
        emulator.fault({ kind: 'rate_limit', method, retryAfter: fault.retryAfterMs / 1000 });
        break;
      case 'uncertain':
        emulator.fault({ kind: 'timeout_after', method, delayMs: 10 });
        break;
      case 'unavailable':
        sever();
        break;
      case 'unauthorized':
        emulator.fault({ kind: 'unauthorized', method });
        break;
      case 'invalid':
        emulator.fault({ kind: 'refuse', method, ...refusal });
        break;
      case 'silent':
        emulator.fault({ kind: 'timeout_before', method });
    }
  };

/** A way to the platform that can be cut. */
export interface SeverableFetch {
  /** The next call that posts something finds nobody. */
  sever(): void;
  readonly fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>;
}

/** @param posts whether a call puts something on the platform */
export const severableFetch = (posts: (url: string, init?: RequestInit) => boolean): SeverableFetch => {
  let severed = false;
  return {
    sever: () => {
      severed = true;
    },
    fetch: async (url, init) => {
      if (!severed || !posts(String(url), init)) return fetch(url, init);
      severed = false;
      return fetch(`http://127.0.0.1:${await freePort()}/`, init);
    },
  };
};
