import * as protocol from '@pocketping/protocol';
import type { z } from 'zod';
import { type Request, routeOf } from './request.js';
import type { Response } from './responses.js';

/** What a success says, by route. */
const ANSWERS: Readonly<Record<string, z.ZodType>> = {
  'POST /connect': protocol.connectResponse,
  'POST /message': protocol.messageResponse,
  'POST /upload': protocol.uploadResponse,
  'PUT /upload/:attachmentId': protocol.okResponse,
  'POST /upload/complete': protocol.uploadCompleteResponse,
  'GET /messages': protocol.messagesResponse,
  'GET /events': protocol.eventsResponse,
  'PATCH /message/:messageId': protocol.changeResponse,
  'DELETE /message/:messageId': protocol.changeResponse,
  'POST /edit': protocol.changeResponse,
  'POST /delete': protocol.changeResponse,
  'POST /read': protocol.okResponse,
  'POST /typing': protocol.okResponse,
  'POST /disconnect': protocol.okResponse,
  'POST /identify': protocol.identifyResponse,
  'GET /presence': protocol.presenceResponse,
};

/** What Node's own parser refuses never reaches anybody: such an answer has no body, and ends the connection. */
const NODES_OWN = [400, 408, 413, 417, 431];

/** What `ws` refuses by RFC 6455 §4.2.1 it answers in its own words, and ends the connection. */
const HANDSHAKES_OWN = [400, 405, 426];

/** What is wrong with an answer; undefined when nothing is. `request` is absent where it cannot be told which one was meant. */
export const wrongWith = (response: Response, request: Request | undefined): string | undefined => {
  const { status, headers, body, isStream } = response;
  if (status >= 500 || status < 100) return `the status is ${status}`;
  if (status === 101) return undefined;
  const type = headers.get('content-type');
  if (type === undefined && body === '' && NODES_OWN.includes(status)) return undefined;
  if (type === 'text/html' && headers.get('connection') === 'close' && HANDSHAKES_OWN.includes(status))
    return undefined;
  if (status === 404 && body === '' && (!request || asksForUpgrade(request))) return undefined;
  if (headers.get('x-content-type-options') !== 'nosniff') return 'x-content-type-options is missing';
  if (headers.has('content-disposition')) {
    const isSafe = headers.get('content-security-policy')?.includes('sandbox');
    return isSafe && [200, 206, 416].includes(status) ? undefined : 'a file is served as it must not be';
  }
  if (!headers.get('cache-control')?.startsWith('no-store')) return 'cache-control is missing';
  if (isStream) return status === 200 ? undefined : `a stream has the status ${status}`;
  if (status === 204 || request?.method === 'HEAD') return undefined;
  // An answer to HEAD, for all that is known.
  if (!request && body === '') return undefined;
  // A webhook is answered as its platform expects it.
  if (request?.target.includes('/webhooks/') && type === undefined && body === '') return undefined;
  if (type !== 'application/json') return `the content type is ${type}`;
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return 'the body is not JSON';
  }
  return status >= 400 ? wrongRefusal(status, json) : wrongSuccess(status, json, request);
};

/** A WebSocket where there is none is refused by the server that the protocol is attached to, not by the protocol. */
export const asksForUpgrade = (request: Request): boolean =>
  request.headers.some(([name]) => name === 'upgrade');

const wrongRefusal = (status: number, json: unknown): string | undefined => {
  const parsed = protocol.errorBody.strict().safeParse(json);
  if (!parsed.success) return `the error does not have its form: ${parsed.error.message}`;
  const { code, message, requestId } = parsed.data.error;
  if (protocol.ERROR_STATUS[code] !== status) return `${code} comes with the status ${status}`;
  if (message === '' || !/^req_./.test(requestId)) return 'the error has no message or no requestId';
  return undefined;
};

const wrongSuccess = (status: number, json: unknown, request: Request | undefined): string | undefined => {
  if (status !== 200) return `the status is ${status}`;
  const route = request && routeOf(request);
  const answer = route && ANSWERS[`${route.method} ${route.path}`];
  const parsed = answer?.safeParse(json);
  return parsed && !parsed.success ? `the answer does not have its form: ${parsed.error.message}` : undefined;
};
