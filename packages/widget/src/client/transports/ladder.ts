import { linkedController } from '../clock.js';
import type { Environment } from '../environment.js';
import type { Carrier, Ending, Following, Outgoing } from './carrier.js';
import { longPollingCarrier } from './long-polling.js';
import { serverSentEventsCarrier } from './server-sent-events.js';
import { webSocketCarrier } from './web-socket.js';

/** Failures to become live, in a row, after which the next carrier gets its chance. */
const MISSES = 2;
const FIRST_CLIMB_MS = 30_000;
const LONGEST_CLIMB_MS = 3_600_000;

export interface Followed extends Ending {
  /** Ended only to try a better carrier: nothing is wrong. */
  readonly climbing: boolean;
}

/**
 * WebSocket, else server-sent events, else long polling: each after the one before did not become live twice in a row,
 * as behind a proxy that does not let it through. From a lower rung it tries the top again after 30 s, then ever more
 * rarely; if that fails, it returns to the rung that worked.
 */
export function carrierLadder(environment: Environment) {
  const rungs: Carrier[] = [serverSentEventsCarrier, longPollingCarrier];
  if (environment.openSocket) rungs.unshift(webSocketCarrier);
  let rung = 0;
  let misses = 0;
  let climbMs = FIRST_CLIMB_MS;
  let provenRung: number | undefined;

  return async (following: Following, outgoing: Outgoing): Promise<Followed> => {
    const controller = linkedController([following.signal]);
    let live = false;
    let climbing = false;
    const climb = () => {
      climbing = true;
      controller.abort();
    };
    const cancelClimb = rung > 0 ? environment.clock.after(climbMs, climb) : undefined;
    const ending = await rungs[rung]!(
      {
        ...following,
        signal: controller.signal,
        onLive() {
          if (!live) misses = 0;
          live = true;
          following.onLive();
        },
      },
      outgoing,
    );
    cancelClimb?.();
    controller.release();
    climbing &&= live;
    if (climbing) {
      provenRung = rung;
      rung = 0;
      climbMs = Math.min(climbMs * 2, LONGEST_CLIMB_MS);
    } else if (live) {
      provenRung = undefined;
    } else if (ending.reason === 'lost' && !following.signal.aborted && environment.online()) {
      if (provenRung !== undefined) {
        rung = provenRung;
        provenRung = undefined;
      } else if (++misses >= MISSES) {
        rung = (rung + 1) % rungs.length;
        misses = 0;
      }
    }
    return { ...ending, climbing };
  };
}
