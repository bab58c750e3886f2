import type { VisitorActor } from '@pocketping/core';
import type { StreamQuery } from '@pocketping/protocol';
import { type FrameSink, type LiveStream, openStream, requireRoom, type Streaming } from './stream.js';
import type { TextSink, WireHeaders } from './wire.js';

/** No proxy may keep the events back: nginx is told by its own header, compression by `no-transform`. */
export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** Milliseconds that a client waits before it reconnects. */
const RETRY_MS = 2000;

/**
 * Sends a session's log as server-sent events: `id` is the cursor, `data` the frame.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function streamEvents(
  streaming: Streaming,
  { actor, address }: { readonly actor: VisitorActor; readonly address: string },
  query: StreamQuery,
  text: TextSink,
): Promise<LiveStream> {
  requireRoom(streaming, address);
  streaming.connections.enter(address);
  text.onGone(() => streaming.connections.leave(address));
  let begun = false;
  const sink: FrameSink = {
    send(json, seq) {
      if (text.bufferedBytes > streaming.bufferBytes) return false;
      const event = seq === undefined ? `data: ${json}\n\n` : `id: ${seq}\ndata: ${json}\n\n`;
      text.write(begun ? event : `retry: ${RETRY_MS}\n\n${event}`);
      begun = true;
      return true;
    },
    end: () => text.end(),
  };
  const stream = await openStream(streaming, actor, query, sink);
  text.onGone(() => stream.close());
  return stream;
}

/** Where a browser's own `EventSource` says it stopped: later than the `after` of its URL. */
export function resumeFrom(query: StreamQuery, headers: WireHeaders): StreamQuery {
  const lastEventId = headers['last-event-id'];
  return typeof lastEventId === 'string' && /^\d{1,15}$/.test(lastEventId)
    ? { ...query, after: Number(lastEventId) }
    : query;
}
