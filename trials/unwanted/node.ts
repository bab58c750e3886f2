import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHandler } from '@pocketping/adapter-node';
import { type Bridge, type Broker, PocketPing, type StoragePort } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';

/** A node of the house, that a server's requests go to. */
export interface HouseNode {
  readonly pp: PocketPing;
  readonly port: number;
  readonly logger: ReturnType<typeof recordingLogger>;
  close(): Promise<void>;
}

/** Opens a port first: the platforms are told of it before there are bridges. */
export const openPort = async (): Promise<{ readonly server: Server; readonly port: number }> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
};

/** An engine behind a server, started. */
export const startNode = async (
  { server, port }: Awaited<ReturnType<typeof openPort>>,
  bridges: readonly Bridge[],
  shared: { readonly storage: StoragePort; readonly broker: Broker },
): Promise<HouseNode> => {
  const logger = recordingLogger();
  const pp = new PocketPing({ ...shared, bridges, logger });
  const chat = createHandler(pp, { rateLimits: false });
  server.on('request', chat.handle);
  await pp.start();
  return {
    pp,
    port,
    logger,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await chat.close();
      await pp.stop();
    },
  };
};
