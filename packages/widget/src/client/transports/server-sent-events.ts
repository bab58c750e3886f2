import { headers, refusal } from '../api.js';
import { linkedController } from '../clock.js';
import { asPocketPingError } from '../errors.js';
import { type Carrier, parseFrame, streamPath, watchdog } from './carrier.js';
import { endingOf } from './long-polling.js';

/**
 * The log as server-sent events, read with `fetch`: an `EventSource` cannot send the `Authorization` header, and a
 * token has no place in a URL. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export const serverSentEventsCarrier: Carrier = async (following) => {
  const { environment } = following;
  const controller = linkedController([following.signal]);
  const dog = watchdog(environment, controller.abort);
  try {
    const response = await environment.fetch(following.endpoint + streamPath(following), {
      headers: headers(following.token, { accept: 'text/event-stream' }),
      cache: 'no-store',
      signal: controller.signal,
    });
    if (!response.ok) throw await refusal(response);
    if (!response.body) return { reason: 'lost' };
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const events = eventReader((json) => {
      const frame = parseFrame(json);
      if (!frame) return;
      following.onLive();
      following.onFrame(frame);
    });
    for (;;) {
      const { done, value } = await reader.read();
      if (done || following.signal.aborted) return { reason: 'lost' };
      dog.heard();
      events.push(decoder.decode(value, { stream: true }));
    }
  } catch (error) {
    return endingOf(asPocketPingError(error));
  } finally {
    dog.stop();
    controller.abort();
    controller.release();
  }
};

/** Cuts a stream of text into events and hands over each one's `data`. */
export function eventReader(onData: (data: string) => void) {
  let pending = '';
  let data: string[] = [];
  return {
    push(chunk: string) {
      // A CR at the very end may be half of a CRLF: it waits for the next chunk.
      const lines = (pending + chunk).split(/\r\n|\n|\r(?!$)/);
      pending = lines.pop()!;
      for (const line of lines) {
        if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
        else if (line === '' && data.length > 0) {
          onData(data.join('\n'));
          data = [];
        }
      }
    },
  };
}
