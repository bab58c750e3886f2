import type { Frame } from '@pocketping/protocol';
import type { Environment } from '../environment.js';

/** What a carrier needs to follow one session's log. */
export interface Following {
  readonly environment: Environment;
  /** Without a trailing slash. */
  readonly endpoint: string;
  readonly sessionId: string;
  readonly token: string;
  /** The cursor as it stands; asked anew at every request. */
  after(): number;
  /** Something arrived, of whatever kind: the other end is alive. */
  onLive(): void;
  onFrame(frame: Frame): void;
  /** `GET /events` may name a cursor beyond its last frame. */
  onCursor(seq: number): void;
  /** Aborts when nobody wants the carrier any more. */
  readonly signal: AbortSignal;
}

/**
 * Why a carrier stopped. `lost`: try again. `refused`: the token or the session is not good any more, so connect anew.
 */
export interface Ending {
  readonly reason: 'lost' | 'refused';
  /** Milliseconds the server asked to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** Follows the log until the connection is gone. Never rejects. */
export type Carrier = (following: Following, outgoing: Outgoing) => Promise<Ending>;

/** Where a carrier that can also send puts its way of sending. */
export interface Outgoing {
  send?: ((frame: object) => void) | undefined;
}

/**
 * The server says something at least every 25 s. After 45 s of silence the connection is dead, whatever the browser
 * thinks of it.
 */
export const SILENCE_MS = 45_000;

/** How long a carrier may take until the first sign of life. */
const LIVE_WITHIN_MS = 10_000;

/** Calls `onSilence` unless `heard` is called in time, again and again. */
export function watchdog({ clock }: Environment, onSilence: () => void) {
  let cancel = clock.after(LIVE_WITHIN_MS, onSilence);
  return {
    heard() {
      cancel();
      cancel = clock.after(SILENCE_MS, onSilence);
    },
    stop: () => cancel(),
  };
}

/** `GET /stream` from the cursor on. */
export const streamPath = ({ sessionId, after }: Following): string =>
  `/stream?${new URLSearchParams({ sessionId, after: `${after()}` })}`;

/** A frame from its JSON; what is not one is nothing. */
export function parseFrame(json: string): Frame | undefined {
  try {
    const parsed = JSON.parse(json) as Frame | null;
    return typeof parsed?.type === 'string' && typeof parsed.data === 'object' ? parsed : undefined;
  } catch {
    return undefined;
  }
}
