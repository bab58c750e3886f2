import type { IncomingMessage, ServerResponse } from 'node:http';
import { asset } from './assets.js';
import { showFile, takeFiles } from './file-routes.js';
import { readActRequest, trustedHost } from './guard.js';
import type { Screen } from './screen.js';
import { openStream } from './stream.js';

export interface PhoneDependencies {
  /** Which platform the page looks like; the first one's look is the page's own. */
  readonly platform: 'telegram' | 'discord';
  /** What is on the phone that an address asks for; undefined if there is no such chat. */
  readonly screen: (url: URL) => Screen | undefined;
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
  const screen = phone.screen(url);
  // A page elsewhere whose name was made to point here (DNS rebinding) sees nothing of the conversations.
  if (!trustedHost(request, phone.allowedHosts)) reply(response, 403, { error: 'foreign host' });
  else if (!screen) reply(response, 404, { error: 'there is no such chat' });
  else if (request.method === 'POST' && route[1] === 'file' && screen.files)
    void takeFiles(screen.files, request, url).then(({ status, body }) => reply(response, status, body));
  else if (request.method === 'POST') void act(screen, request, response, route[1] ?? '');
  else if (request.method === 'GET' || request.method === 'HEAD')
    show(phone, screen, request, response, url, route[1]);
  else reply(response, 405, { error: 'method not allowed' });
  return true;
}

function show(
  { closing, platform }: PhoneDependencies,
  screen: Screen,
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
      openStream(screen, closing, response);
      break;
    case 'topics':
      reply(response, 200, { topics: screen.topics() });
      break;
    case 'messages':
      reply(response, 200, { messages: screen.messages(Number(url.searchParams.get('topic'))) });
      break;
    case 'file':
      showFile(screen.files?.get?.(url.searchParams.get('id') ?? ''), response);
      break;
    default:
      asset(request, response, path ?? 'index.html', platform);
  }
}

async function act(
  screen: Screen,
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
): Promise<void> {
  const body = await readActRequest(request);
  if ('refused' in body) return reply(response, body.status, { error: body.refused });
  const done = screen.perform(name, body.input);
  reply(response, done.status, done.body);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
