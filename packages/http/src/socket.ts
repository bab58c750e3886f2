import { PocketPingError } from '@pocketping/core';
import { LIMITS, streamQuery } from '@pocketping/protocol';
import { queryFields } from './body.js';
import { addressKey } from './client-address.js';
import { Crowd } from './crowd.js';
import type { Caller, Door } from './door.js';
import { DroppedEvents } from './dropped-events.js';
import { failure, rateLimited, validationFailed } from './failure.js';
import type { HttpOptions } from './options.js';
import { type Lobby, type SocketEvents, SocketSession, type SocketWire } from './socket-session.js';
import { requireRoom, type Streaming } from './stream.js';
import type { WireInput, WireOutput } from './wire.js';

/** What an upgrade to a WebSocket asks for. */
export type UpgradeInput = Caller & Pick<WireInput, 'query'>;

export interface Sockets {
  /** @returns what to do with the WebSocket once it is open, or the answer that refuses the upgrade. */
  upgrade(
    input: UpgradeInput,
  ): { readonly open: (wire: SocketWire) => SocketEvents } | { readonly refusal: WireOutput };
  /** Ends every WebSocket and refuses those that come later. */
  close(): void;
}

/** `GET /stream` as a WebSocket: `hello` first, then frames in both directions. */
export function createSockets(streaming: Streaming, door: Door, options: HttpOptions): Sockets {
  const { total = 1000, perAddress = 20 } = options.pendingSockets ?? {};
  const lobby: Lobby = {
    streaming,
    door,
    pending: new Crowd(total, perAddress),
    open: new Set(),
    dropped: new DroppedEvents(streaming.engine),
  };
  let stopping = false;

  return {
    upgrade(input) {
      let headers = door.origins.closed;
      try {
        if (stopping)
          throw new PocketPingError('unavailable', 'This server is stopping.', { retryAfterMs: 1000 });
        headers = door.headersFor(input);
        const query = streamQuery.safeParse(queryFields(input.query));
        if (!query.success) throw validationFailed(query.error);
        const address = addressKey(door.addressOf(input));
        requireRoom(streaming, address);
        if (lobby.pending.full || lobby.pending.fullOf(address)) throw rateLimited(LIMITS.helloMs);
        return { open: (wire) => new SocketSession(lobby, wire, query.data, { caller: input, address }) };
      } catch (error) {
        return { refusal: failure(error, headers, streaming.engine, { method: 'GET', path: '/stream' }) };
      }
    },
    close() {
      stopping = true;
      for (const session of lobby.open) session.end('stopping');
    },
  };
}
