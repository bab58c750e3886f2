/** How far `drain` came. */
export interface Drained {
  /** What the bridges have still to do; 0 when every thread is up to the log. */
  readonly left: number;
  readonly bridges: readonly BridgeHealth[];
}

/** What `GET /health` tells, without secrets. */
export interface Health {
  /** `ok`: everything works. `degraded`: conversations work, a bridge does not, or not for all of them. `down`: the storage does not answer. */
  readonly status: 'ok' | 'degraded' | 'down';
  readonly bridges: readonly BridgeHealth[];
}

export interface BridgeHealth {
  readonly name: string;
  /** `standby`: another node has it. `paused`: it waits for the platform, or for a person. */
  readonly state: 'up' | 'paused' | 'standby' | 'starting' | 'stopped';
  /** Threads that are not up to the log. */
  readonly backlog: number;
  /** Conversations whose delivery fails again and again while others get through; the log says why. Absent when there are none. */
  readonly failing?: number;
  /** Why it is paused, as a `BridgeError` code. */
  readonly reason?: string;
}
