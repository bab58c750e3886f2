import { type BridgeHost, type Inbound, systemClock } from '@pocketping/core';
import { recordingLogger } from './logger.js';

/** An engine's side of a bridge, which keeps what it is told. */
export interface HostInTest {
  /** What the bridge is started with. A test may set its clock, and replace `receive`. */
  readonly host: Omit<BridgeHost, 'clock' | 'receive'> & {
    clock: BridgeHost['clock'];
    receive: BridgeHost['receive'];
  };
  readonly logger: ReturnType<typeof recordingLogger>;
  /** What people did on the platform. */
  readonly received: Inbound[];
  /** Who typed: their names. */
  readonly typists: string[];
  /** The errors with which the bridge was broken. */
  readonly broken: unknown[];
  /** For each time that it was healed, how many errors had come before. */
  readonly healed: number[];
  /** For each time that something may have been missed, how much had been received before. */
  readonly missed: number[];
  /** What it heard of the connection, in order: `broken: …`, `healed`, `missed`. */
  readonly told: string[];
}

/** @param commands those that the engine knows; `online` unless told */
export const hostInTest = (
  commands: BridgeHost['commands'] = [{ name: 'online', summary: 'Say that you are there' }],
): HostInTest => {
  const logger = recordingLogger();
  const received: Inbound[] = [];
  const typists: string[] = [];
  const broken: unknown[] = [];
  const healed: number[] = [];
  const missed: number[] = [];
  const told: string[] = [];
  return {
    host: {
      logger,
      clock: systemClock,
      commands,
      receive: async (inbound) => void received.push(inbound),
      typing: (_, { name }) => void typists.push(name),
      broken: (error) => {
        broken.push(error);
        told.push(`broken: ${String(error)}`);
      },
      healed: () => {
        healed.push(broken.length);
        told.push('healed');
      },
      missed: () => {
        missed.push(received.length);
        told.push('missed');
      },
    },
    logger,
    received,
    typists,
    broken,
    healed,
    missed,
    told,
  };
};
