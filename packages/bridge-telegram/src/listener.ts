import type { BridgeHost } from '@pocketping/core';

/** What listening needs of the engine: the hosts of all chats that share a connection, as one. */
export type Listener = Pick<BridgeHost, 'logger' | 'clock' | 'broken' | 'healed'>;

/** What is wrong with the connection concerns every chat. Time and log are the same for all of them. */
export const listenerOf = (first: BridgeHost, hosts: () => Iterable<BridgeHost>): Listener => ({
  logger: first.logger,
  clock: first.clock,
  broken: (error) => {
    for (const host of hosts()) host.broken(error);
  },
  healed: () => {
    for (const host of hosts()) host.healed();
  },
});
