import type { IncomingMessage, ServerResponse } from 'node:http';
import { Operator, type OperatorName } from '../telegram/operator.js';
import type { Room } from '../telegram/room.js';
import type { Rooms } from '../telegram/rooms.js';
import { perform } from './acts.js';
import { asset } from './assets.js';
import { readActRequest, trustedHost } from './guard.js';
import { messagesOf, topicsFor } from './listing.js';
import { openStream } from './stream.js';

export interface PhoneDependencies {
  readonly rooms: Rooms;
  /** Who holds the phone unless the page says otherwise. */
  readonly operator: OperatorName;
  readonly allowedHosts: readonly string[];
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal;
}

/**
 * The phone: its page at `/phone`, and what the page asks for below it. `?chat=<id>` puts another chat on it than the
 * forum, `?as=<name>` makes it somebody else's.
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
  const screen = screenOf(phone, url);
  // A page elsewhere whose name was made to point here (DNS rebinding) sees nothing of the conversations.
  if (!trustedHost(request, phone.allowedHosts)) reply(response, 403, { error: 'foreign host' });
  else if (!screen) reply(response, 404, { error: 'there is no such chat' });
  else if (request.method === 'POST') void act(screen, request, response, route[1] ?? '');
  else if (request.method === 'GET' || request.method === 'HEAD')
    show(screen, request, response, url, route[1]);
  else reply(response, 405, { error: 'method not allowed' });
  return true;
}

/** A chat, and somebody who looks at it. */
interface Screen {
  readonly room: Room;
  /** Only now do they become one of the chat's people. */
  readonly holder: () => Operator;
  readonly closing: AbortSignal;
}

function screenOf({ rooms, operator, closing }: PhoneDependencies, url: URL): Screen | undefined {
  const chatId = url.searchParams.get('chat');
  const room = chatId === null ? rooms.forum : rooms.get(chatId);
  if (!room) return undefined;
  const { state, chat } = room;
  const as = url.searchParams.get('as')?.trim().slice(0, 64);
  // A private chat is on one person's phone only.
  const name = chat.personId === undefined ? as : state.users.get(chat.personId)?.first_name;
  return { room, holder: () => new Operator(rooms, name ? { name } : operator, room), closing };
}

function show(
  { room, holder, closing }: Screen,
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
      openStream({ room, closing }, holder(), response);
      break;
    case 'topics':
      reply(response, 200, { topics: topicsFor(room, holder().user.id) });
      break;
    case 'messages':
      reply(response, 200, { messages: messagesOf(room, Number(url.searchParams.get('topic'))) });
      break;
    default:
      asset(request, response, path ?? 'index.html');
  }
}

async function act(
  { holder }: Screen,
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
): Promise<void> {
  const body = await readActRequest(request);
  if ('refused' in body) return reply(response, body.status, { error: body.refused });
  const done = perform(holder(), name, body.input);
  reply(response, done.status, done.body);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
