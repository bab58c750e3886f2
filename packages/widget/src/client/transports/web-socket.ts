import { type Carrier, type Ending, parseFrame, streamPath, watchdog } from './carrier.js';

/** Close codes after which the same request would be refused again (protocol `CLOSE_CODES`). */
const UNAUTHORIZED = 4401;
const BLOCKED = 4403;
const RATE_LIMITED = 4429;

/** The log over a WebSocket. The token goes in the first frame, never into the URL. */
export const webSocketCarrier: Carrier = (following, outgoing) =>
  new Promise<Ending>((resolve) => {
    const { environment, signal } = following;
    let socket: WebSocket;
    try {
      socket = environment.openSocket!(following.endpoint.replace('http', 'ws') + streamPath(following));
    } catch {
      // A Content-Security-Policy without this origin in connect-src throws here.
      return resolve({ reason: 'lost' });
    }
    const end = (ending: Ending) => {
      dog.stop();
      signal.removeEventListener('abort', abandon);
      // Closing a socket that is still connecting makes an error that somebody has to catch.
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = () => {};
      socket.close();
      outgoing.send = undefined;
      resolve(ending);
    };
    const abandon = () => end({ reason: 'lost' });
    const dog = watchdog(environment, abandon);
    signal.addEventListener('abort', abandon);

    socket.onopen = () => {
      socket.send(
        JSON.stringify({ type: 'hello', data: { token: following.token, after: following.after() } }),
      );
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const frame = parseFrame(data);
      if (!frame) return;
      dog.heard();
      outgoing.send = (message) => socket.send(JSON.stringify(message));
      following.onLive();
      following.onFrame(frame);
    };
    socket.onclose = ({ code }) =>
      end({
        reason: code === UNAUTHORIZED || code === BLOCKED ? 'refused' : 'lost',
        retryAfterMs: code === RATE_LIMITED ? 10_000 : 0,
      });
    socket.onerror = abandon;
  });
