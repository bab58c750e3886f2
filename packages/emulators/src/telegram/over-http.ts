import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyLimit, readBody, saidIn } from './body.js';
import { type Clock, pause } from './clock.js';
import type { Reply } from './reply.js';
import {
  type ApiDependencies,
  type ApiRequest,
  addressed,
  answer,
  answerDownload,
  downloaded,
} from './server.js';

/**
 * Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`.
 * @returns false if the address is none of the API's
 */
export function serveApi(
  api: ApiDependencies,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): boolean {
  const address = addressed(url);
  const download = downloaded(url);
  if (!address && !download) return false;
  const hangUp = new AbortController();
  response.on('close', () => hangUp.abort());
  const signal = AbortSignal.any([hangUp.signal, api.closing]);
  const said: ApiRequest['said'] = async () => {
    const type = request.headers['content-type'] ?? '';
    return saidIn(url.searchParams, await readBody(request, bodyLimit(type)), type);
  };
  const answering = address
    ? answer(api, { ...address, said, signal })
    : answerDownload(api, download!, signal);
  void answering.then((reply) => sendReply(api.clock, response, reply, signal));
  return true;
}

/** Sends what comes back for a call, as far as anybody is there to hear it. */
export async function sendReply(
  clock: Clock,
  response: ServerResponse,
  reply: Reply,
  signal: AbortSignal,
): Promise<void> {
  // A client that hung up left nobody to answer.
  if (response.destroyed) return;
  if (reply.end === 'cut') {
    response.destroy();
    return;
  }
  const bytes = Buffer.from(reply.body);
  // The rest of a body that nobody will read would otherwise be taken for the next request.
  if (reply.status === 413) response.setHeader('connection', 'close');
  response.writeHead(reply.status, {
    ...reply.headers,
    'content-type': reply.type,
    // RFC 9110: an answer without content has no length either.
    ...(reply.status === 204 ? {} : { 'content-length': bytes.length }),
  });
  if (!reply.rest) {
    response.end(bytes);
    return;
  }
  const half = Math.floor(bytes.length / 2);
  response.write(bytes.subarray(0, half));
  await pause(clock, reply.rest.afterMs, signal);
  if (reply.rest.comes) response.end(bytes.subarray(half));
  else response.destroy();
}
