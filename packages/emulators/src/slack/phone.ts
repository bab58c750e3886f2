import type { IncomingMessage, ServerResponse } from 'node:http';
import { asset } from '../phone/assets.js';
import { readFiles } from '../phone/file-routes.js';
import { readActRequest, trustedHost } from '../phone/guard.js';
import { performing } from '../phone/screen.js';
import { sharedFile } from '../shared-file.js';
import { SlackOperator } from './operator.js';
import { perform } from './phone-acts.js';
import { openStream, threadFor } from './phone-stream.js';
import type { Room } from './room.js';
import type { PersonName, Workspace } from './workspace.js';

export interface SlackPhoneDependencies {
  readonly workspace: Workspace;
  /** Who holds the phone unless the page says otherwise. */
  readonly operator: PersonName;
  readonly allowedHosts: readonly string[];
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal;
}

/**
 * The phone: its page at `/phone`, and what the page asks for below it. `?channel=<id>` puts another channel on it, `?as=<name>`
 * makes it somebody else's.
 * @returns false if the address is none of the phone's
 */
export function servePhone(
  phone: SlackPhoneDependencies,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): boolean {
  const route = /^\/phone(?:\/(.*))?$/.exec(url.pathname);
  if (!route) return false;
  const { workspace } = phone;
  const room = workspace.room(url.searchParams.get('channel') ?? workspace.state.channelId);
  // A page elsewhere whose name was made to point here (DNS rebinding) sees nothing of the conversations.
  if (!trustedHost(request, phone.allowedHosts)) reply(response, 403, { error: 'foreign host' });
  else if (!room) reply(response, 404, { error: 'there is no such channel' });
  else if (request.method === 'POST' && route[1] === 'file') void share(phone, room, request, response, url);
  else if (request.method === 'POST') void act(phone, room, request, response, url, route[1] ?? '');
  else if (request.method === 'GET' || request.method === 'HEAD')
    show(phone, room, request, response, url, route[1]);
  else reply(response, 405, { error: 'method not allowed' });
  return true;
}

function show(
  phone: SlackPhoneDependencies,
  room: Room,
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
      openStream(room, holder(phone, room, url), response, phone.closing);
      break;
    case 'thread':
      reply(response, 200, { messages: threadFor(room, url.searchParams.get('ts') ?? '') });
      break;
    case 'file':
      showFile(room, url.searchParams.get('id') ?? '', response);
      break;
    default:
      asset(request, response, path ?? 'slack.html', 'slack');
  }
}

async function act(
  phone: SlackPhoneDependencies,
  room: Room,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  name: string,
): Promise<void> {
  const body = await readActRequest(request);
  if ('refused' in body) return reply(response, body.status, { error: body.refused });
  const done = perform(holder(phone, room, url), name, body.input);
  reply(response, done.status, done.body);
}

/** Nothing runs that comes from here. */
function showFile({ files }: Room, id: string, response: ServerResponse): void {
  const file = files.get(id);
  const bytes = files.bytesOf(id);
  if (!file || !bytes) {
    reply(response, 404, { error: 'there is no such file' });
    return;
  }
  const isPicture = /^image\/(?:png|jpeg|gif|webp)$/.test(file.mimetype);
  response
    .writeHead(200, {
      'content-type': file.mimetype,
      'content-disposition': isPicture ? 'inline' : 'attachment',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    })
    .end(bytes);
}

/** The address says to which thread the files go. A `kind` is that of a clip: `audio` or `video`. */
async function share(
  phone: SlackPhoneDependencies,
  room: Room,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const sent = await readFiles(request, url);
  if ('refusal' in sent) return reply(response, sent.refusal.status, sent.refusal.body);
  const { threadTs = '', text = '' } = sent.input as Record<string, string>;
  const kind = sent.files[0]?.kind;
  const special = kind === 'audio' || kind === 'video' ? ({ clip: kind } as const) : {};
  const done = performing(
    {
      share: (person: SlackOperator) =>
        person.shareFiles(threadTs, sent.files.map(sharedFile), text, special),
    },
    holder(phone, room, url),
    'share',
    {},
  );
  reply(response, done.status, done.body);
}

function holder({ workspace, operator }: SlackPhoneDependencies, room: Room, url: URL): SlackOperator {
  const as = url.searchParams.get('as')?.trim().slice(0, 64);
  return new SlackOperator(workspace, as ? { name: as } : operator, room);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
