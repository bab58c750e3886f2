import type { IncomingMessage } from 'node:http';
import { PocketPingError } from '@pocketping/core';
import type { WireBody } from '@pocketping/http';

/** What an app's parser may have left on a request. */
export type ParsedRequest = IncomingMessage & { readonly body?: unknown };

/**
 * The body of a request, whoever reads it: this function, or a parser that ran before and left its result.
 * @throws PocketPingError `payload_too_large`: what is beyond the limit stays unread.
 */
export function readBody(req: ParsedRequest, maxBytes: number): Promise<WireBody> {
  if (Number(req.headers['content-length']) > maxBytes) return Promise.reject(tooLarge(maxBytes));
  // A parser that had nothing to do may leave an empty object beside an unread stream: the stream is the truth.
  if (req.readableDidRead || req.readableEnded) return readAlready(req, maxBytes);
  return readStream(req, maxBytes);
}

/**
 * The body of a request as it comes; the sender is slowed down while nobody reads. It fails with `payload_too_large` beyond
 * the limit, and with `validation_failed` where the connection ends within it.
 */
export function streamBody(req: ParsedRequest, maxBytes: number): ReadableStream<Uint8Array> {
  if (Number(req.headers['content-length']) > maxBytes) return failing(tooLarge(maxBytes));
  if (req.readableDidRead || req.readableEnded) return parsed(req);
  let bytes = 0;
  let over = false;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const fail = (error: Error) => {
          if (over) return;
          over = true;
          req.pause();
          controller.error(error);
        };
        req
          .on('error', ignore)
          .on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > maxBytes) return fail(tooLarge(maxBytes));
            if (over) return;
            controller.enqueue(chunk);
            if ((controller.desiredSize ?? 0) <= 0) req.pause();
          })
          .on('end', () => {
            if (over) return;
            over = true;
            controller.close();
          })
          .on('close', () => {
            if (!req.readableEnded) fail(brokenOff());
          })
          .pause();
        if (req.destroyed) fail(brokenOff());
      },
      pull: () => void req.resume(),
      cancel: () => {
        over = true;
        req.pause();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 64 * 1024 }),
  );
}

/** What a parser before this has read. */
function parsed({ body }: ParsedRequest): ReadableStream<Uint8Array> {
  if (!(body instanceof Uint8Array)) {
    return failing(
      new Error(
        'The bytes of an upload were read before they came to PocketPing. Mount PocketPing before whatever reads them.',
      ),
    );
  }
  return new ReadableStream({
    start(controller) {
      if (body.length > 0) controller.enqueue(body);
      controller.close();
    },
  });
}

const failing = (error: Error): ReadableStream<Uint8Array> =>
  new ReadableStream({ start: (controller) => controller.error(error) });

const brokenOff = (): PocketPingError =>
  new PocketPingError('validation_failed', 'The connection ended within the file. Send it again.');

/** Whether more of the body may come than is worth throwing away to keep the connection. */
export const isLeftUnread = (req: IncomingMessage, maxBytes: number): boolean =>
  !req.complete &&
  (req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length']) > maxBytes);

async function readAlready({ body, readableDidRead }: ParsedRequest, maxBytes: number): Promise<WireBody> {
  if (typeof body === 'string' || body instanceof Uint8Array) {
    if (Buffer.byteLength(body) > maxBytes) throw tooLarge(maxBytes);
    return body;
  }
  if (body !== undefined) return { parsed: body };
  if (!readableDidRead) return '';
  throw new Error(
    'The request body was read before it came to PocketPing, and req.body is not set. ' +
      'Mount PocketPing before whatever reads it, or leave what it found in req.body.',
  );
}

/** Its listeners stay: they go with the request, and taking them off costs as much as adding them. */
function readStream(req: IncomingMessage, maxBytes: number): Promise<WireBody> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] | undefined;
    let first: Buffer | undefined;
    let bytes = 0;
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        req.off('data', take).pause();
        return reject(tooLarge(maxBytes));
      }
      if (!first) first = chunk;
      else if (chunks) chunks.push(chunk);
      else chunks = [first, chunk];
    };
    const finish = () => resolve(chunks ? Buffer.concat(chunks, bytes) : (first ?? ''));
    const leave = () => {
      if (!req.readableEnded) {
        reject(new PocketPingError('invalid_json', 'The connection ended within the body.'));
      }
    };
    // A connection that breaks emits 'error' as well as 'close'.
    req.on('error', ignore).on('data', take).on('end', finish).on('close', leave);
    if (req.destroyed) leave();
  });
}

const ignore = () => {};

const tooLarge = (maxBytes: number): PocketPingError =>
  new PocketPingError('payload_too_large', `A body may have at most ${maxBytes} bytes.`);
