import type { BridgeHost, Inbound } from '@pocketping/core';
import { recordingLogger, virtualClock } from '@pocketping/testing';

/** An engine's side of a bridge, in virtual time, which keeps what it is told. */
export const recordingHost = () => {
  const clock = virtualClock();
  const logger = recordingLogger();
  const received: Inbound[] = [];
  const told: string[] = [];
  let refusals = 0;
  const host: BridgeHost = {
    logger,
    clock,
    commands: [],
    receive: async (inbound) => {
      if (refusals > 0) {
        refusals--;
        throw new Error('The storage is away');
      }
      received.push(inbound);
    },
    typing: ({ threadId }, { name }) => void told.push(`${name} types in ${threadId}`),
    broken: (error) => void told.push(`broken: ${(error as { code?: string }).code}`),
    healed: () => void told.push('healed'),
    missed: () => void told.push('missed'),
  };
  return {
    ...host,
    clock,
    logger,
    received,
    /** What it heard of the connection, and of typing. */
    told,
    /** The next so many are not taken. */
    refuse: (times: number) => {
      refusals = times;
    },
  };
};
