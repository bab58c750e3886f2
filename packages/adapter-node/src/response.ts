import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Clock } from '@pocketping/core';
import type { TextSink, WireOutput } from '@pocketping/http';

/** How long an end that does not read may keep a connection that we are done with. */
export const HANG_UP_MS = 5000;

/** Calls `run` once the response is over, whoever ended it. */
export function whenOver(res: ServerResponse, run: () => void): void {
  if (res.destroyed || res.writableFinished) run();
  else res.once('close', run);
}

/** Sends a whole answer. */
export function send(res: ServerResponse, output: WireOutput, lastOnConnection: boolean): void {
  if (!writeHead(res, output, lastOnConnection)) return;
  if (output.status === 204) res.end();
  else res.end(output.body);
}

/** Sends a file: no faster than the other end reads it. Resolves when it is sent, or when nobody wants it any more. */
export async function sendBytes(
  res: ServerResponse,
  output: WireOutput,
  bytes: ReadableStream<Uint8Array>,
  last: boolean,
): Promise<void> {
  if (res.destroyed || res.headersSent) return bytes.cancel();
  res.writeHead(output.status, { ...output.headers, ...(last && { connection: 'close' }) });
  // An end that leaves, and a store that breaks off, both end the connection: a shorter file must not look whole.
  await pipeline(Readable.fromWeb(bytes), res).catch(() => res.destroy());
}

/**
 * Sends an answer to a request whose body is still coming, and reads no more of it. The connection stays open until the
 * client has had time to read the answer: closed with unread bytes, TCP would reset it, and the answer be lost.
 */
export function sendAndHangUp(res: ServerResponse, output: WireOutput, clock: Clock): void {
  if (!writeHead(res, output, true)) return;
  res.req.pause();
  // An answer without a body has no write that would send its head.
  res.flushHeaders();
  res.write(output.body);
  const cancel = clock.schedule(HANG_UP_MS, () => res.destroy());
  whenOver(res, cancel);
}

/** An answer that goes on: its head is sent with the first text. */
export class ResponseSink implements TextSink {
  constructor(
    private readonly res: ServerResponse,
    private readonly output: WireOutput,
    private readonly clock: Clock,
  ) {}

  get bufferedBytes(): number {
    return this.res.writableLength;
  }

  write(text: string): void {
    const { res } = this;
    if (res.destroyed || res.writableEnded) return;
    if (!res.headersSent) {
      res.on('error', ignore);
      res.writeHead(this.output.status, this.output.headers);
    }
    res.write(text);
    // Node holds writes back until the end of the tick; a long backlog, written in one, would look like a slow reader.
    if (res.writableLength > FLUSH_BYTES) res.socket?.uncork();
  }

  end(): void {
    const { res } = this;
    if (res.destroyed || res.writableEnded) return;
    res.end();
    whenOver(
      res,
      this.clock.schedule(HANG_UP_MS, () => res.destroy()),
    );
  }

  onGone(run: () => void): void {
    whenOver(this.res, run);
  }
}

const FLUSH_BYTES = 16 * 1024;

const ignore = () => {};

/** Header sets as the flat lists that `writeHead` takes fastest; there are only a few different ones. */
const flat = new WeakMap<object, readonly string[]>();

function writeHead(res: ServerResponse, { status, headers, body }: WireOutput, last: boolean): boolean {
  if (res.destroyed || res.headersSent) return false;
  let fields = flat.get(headers);
  if (!fields) {
    fields = Object.entries(headers).flat();
    flat.set(headers, fields);
  }
  const head = fields.slice();
  if (status !== 204 && headers['content-length'] === undefined)
    head.push('content-length', `${Buffer.byteLength(body)}`);
  if (last) head.push('connection', 'close');
  res.writeHead(status, head);
  return true;
}
