import type { IncomingMessage, ServerResponse } from 'node:http';
import { BODY_LIMIT, paramsFrom, readBody } from '../telegram/body.js';
import { carried, type InProcessInit, readInit } from '../telegram/in-process.js';
import { sendReply } from '../telegram/over-http.js';
import { plain } from './reply.js';
import { type ApiDependencies, answer, INCOMING_WEBHOOK } from './server.js';
import { transferAt, transferred } from './transfer.js';

/** Where a webhook of this workspace is, below its origin. */
export const webhookPath = ({ context: { state } }: Pick<ApiDependencies, 'context'>): string =>
  `/services/${state.team.id}/${state.app.botId}/${state.secrets.webhookKey}`;

/**
 * Answers `/api/<method>` and the incoming webhook, takes uploads and hands out files.
 * @returns false if the address is none of these
 */
export function serveApi(
  api: ApiDependencies,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): boolean {
  const transfer = transferAt(url);
  const method = methodAt(api, url);
  if (method === undefined && !transfer) return false;
  const hangUp = new AbortController();
  response.on('close', () => hangUp.abort());
  const signal = AbortSignal.any([hangUp.signal, api.closing]);
  const params = async () => {
    const body = await readBody(request, BODY_LIMIT);
    return paramsFrom(url.searchParams, body, request.headers['content-type'] ?? '');
  };
  const { authorization } = request.headers;
  const body = async () => ({
    bytes: new Uint8Array(await readBody(request, FILE_LIMIT)),
    type: request.headers['content-type'] ?? '',
  });
  const answering = () => {
    if (transfer) return transferred(api, { transfer, url, authorization, body, signal });
    if (method === undefined || method === NOWHERE) return plain('no_service', 404);
    return answer(api, { method, authorization, params, signal });
  };
  void Promise.resolve(answering()).then((reply) => sendReply(api.clock, response, reply, signal));
  return true;
}

/** The same in this process, without a socket. */
export function fetchApi(
  api: ApiDependencies,
  address: string | URL,
  init: InProcessInit = {},
): Promise<Response> {
  const url = new URL(address);
  const method = methodAt(api, url) ?? NOWHERE;
  const transfer = transferAt(url);
  const answered = (signal: AbortSignal) => {
    const params = async () => {
      const { bytes, type } = await readInit(init.body, init.headers);
      return paramsFrom(url.searchParams, bytes, type);
    };
    const authorization = new Headers(init.headers).get('authorization') ?? undefined;
    const body = async () => {
      const { bytes, type } = await readInit(init.body, init.headers);
      return { bytes: new Uint8Array(bytes), type };
    };
    if (transfer) return transferred(api, { transfer, url, authorization, body, signal });
    return method === NOWHERE
      ? plain('no_service', 404)
      : answer(api, { method, authorization, params, signal });
  };
  return carried(answered, api, init.signal);
}

/** Bytes of an upload that are read. */
const FILE_LIMIT = 256 * 1024 * 1024;

const NOWHERE = 'nowhere';

function methodAt(api: ApiDependencies, { pathname }: URL): string | undefined {
  const method = /^\/api\/([\w.]+)$/.exec(pathname)?.[1];
  if (method !== undefined) return method;
  if (!pathname.startsWith('/services/')) return undefined;
  return pathname === webhookPath(api) ? INCOMING_WEBHOOK : NOWHERE;
}
