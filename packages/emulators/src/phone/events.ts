import type { ServerResponse } from 'node:http';

/** Milliseconds between two comments that keep idle connections from being cut. */
const HEARTBEAT_MS = 15_000;

/** Milliseconds after which a phone that lost the line tries again. */
const RETRY_MS = 700;

/** Bytes that may wait for a slow reader; then it is cut, and reconnects to a fresh `hello`. */
const BACKLOG_LIMIT = 4 * 1024 * 1024;

/**
 * Server-sent events for one phone, until it goes or the emulator closes.
 * @param follow begins to send; what it answers stops it
 * @param closing aborted when the emulator closes
 */
export function streamEvents(
  response: ServerResponse,
  closing: AbortSignal,
  follow: (send: (event: string, content: unknown) => void) => () => void,
): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(`retry: ${RETRY_MS}\n\n`);
  const stop = follow((event, content) => {
    if (response.writableLength > BACKLOG_LIMIT) response.destroy();
    else response.write(`event: ${event}\ndata: ${JSON.stringify(content)}\n\n`);
  });
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS).unref();
  const end = () => response.end();
  closing.addEventListener('abort', end);
  response.on('close', () => {
    stop();
    clearInterval(heartbeat);
    closing.removeEventListener('abort', end);
  });
}
