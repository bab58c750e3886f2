import { BridgeError, type Call, type Inbound, type Instant, type Logger } from '@pocketping/core';
import { isDeed, parse } from './parse.js';
import type { Server } from './server.js';
import { toldBy } from './stream.js';

/**
 * What the team did since an instant of the server's clock, up to now: the stream from then on, as far as its first ping.
 * Of a message what it says now is told once, however often it was changed.
 */
export async function* saidSince(
  server: Server,
  { origin, since, logger }: { readonly origin: string; readonly since: Instant; readonly logger: Logger },
  call: Call,
): AsyncGenerator<Inbound | undefined, void, void> {
  const versions = new Map<string, number>();
  const stream = await server.listen({ since: new Date(Math.max(since, 0)).toISOString() }, call);
  for await (const told of toldBy(stream, logger)) {
    if (told?.event.type === 'ping') return;
    if (!told || !isDeed(told.event)) {
      yield undefined;
      continue;
    }
    const inbound = parse(told.event, origin, told.position ?? 0);
    // The server begins a little earlier.
    if (!inbound || Date.parse(told.event.timestamp) < since) continue;
    if ('message' in told.event) {
      const { id, version } = told.event.message;
      if ((versions.get(id) ?? 0) >= version) continue;
      versions.set(id, version);
    }
    yield inbound;
  }
  if (call.signal.aborted) throw new BridgeError('unavailable', 'It was given up.');
  throw new BridgeError('unavailable', 'The server ended the stream before all was told.');
}
