import type { ServerResponse } from 'node:http';
import { streamEvents } from './events.js';
import type { Screen } from './screen.js';

/**
 * Server-sent events for one phone: `hello` with everything its list needs, then `topic`, `message`, `action` and
 * `commands` as they happen.
 * @param closing aborted when the emulator closes
 */
export const openStream = (screen: Screen, closing: AbortSignal, response: ServerResponse): void =>
  streamEvents(response, closing, (send) => {
    send('hello', screen.hello());
    return screen.follow(send);
  });
