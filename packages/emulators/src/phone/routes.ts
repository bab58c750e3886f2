import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Forum } from '../telegram/forum.js';
import { Operator, type OperatorName } from '../telegram/operator.js';
import { perform } from './acts.js';
import { asset } from './assets.js';
import { readActRequest, trustedHost } from './guard.js';
import { messagesOf, topicsFor } from './listing.js';
import { openStream } from './stream.js';

export interface PhoneDependencies {
  readonly forum: Forum;
  /** Who holds the phone unless the page says otherwise. */
  readonly operator: OperatorName;
  readonly allowedHosts: readonly string[];
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal;
}

/**
 * The phone: its page at `/phone`, and what the page asks for below it.
 * @returns false if the address is none of the phone's
 */
export function servePhone(
  phone: PhoneDependencies,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): boolean {
  const route = /^\/phone(?:\/(.*))?$/.exec(url.pathname);
  if (!route) return false;
  // A page elsewhere whose name was made to point here (DNS rebinding) sees nothing of the conversations.
  if (!trustedHost(request, phone.allowedHosts)) reply(response, 403, { error: 'foreign host' });
  else if (request.method === 'POST') void act(phone, request, response, url, route[1] ?? '');
  else if (request.method === 'GET' || request.method === 'HEAD')
    show(phone, request, response, url, route[1]);
  else reply(response, 405, { error: 'method not allowed' });
  return true;
}

function show(
  phone: PhoneDependencies,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  path: string | undefined,
): void {
  switch (path) {
    case '':
      response.writeHead(308, { location: `../phone${url.search}` }).end();
      break;
    case 'stream':
      openStream(phone, holder(phone, url), response);
      break;
    case 'topics':
      reply(response, 200, { topics: topicsFor(phone.forum, holder(phone, url).user.id) });
      break;
    case 'messages':
      reply(response, 200, { messages: messagesOf(phone.forum, Number(url.searchParams.get('topic'))) });
      break;
    default:
      asset(request, response, path ?? 'index.html');
  }
}

async function act(
  phone: PhoneDependencies,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  name: string,
): Promise<void> {
  const body = await readActRequest(request);
  if ('refused' in body) return reply(response, body.status, { error: body.refused });
  const done = perform(holder(phone, url), name, body.input);
  reply(response, done.status, done.body);
}

const holder = (phone: PhoneDependencies, url: URL): Operator => {
  const name = url.searchParams.get('as')?.trim().slice(0, 64);
  return new Operator(phone.forum, name ? { name } : phone.operator);
};

function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
