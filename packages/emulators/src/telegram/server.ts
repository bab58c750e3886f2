import type { IncomingMessage, ServerResponse } from 'node:http';
import { readParams } from './body.js';
import { ApiError, notFound, unauthorized } from './errors.js';
import { type FaultKind, type Faults, type Outcome, undergo } from './faults.js';
import { methodNamed } from './methods/index.js';
import type { MethodContext } from './methods/method.js';
import type { Params } from './params.js';

/** A call that reached the API, with the parameters as the client sent them. */
export interface TelegramCall {
  /** In the documented spelling; as sent if there is no such method. */
  readonly method: string;
  readonly params: Params;
  /** Unix time in milliseconds. */
  readonly at: number;
  /** The fault that struck it, if any. */
  readonly fault?: FaultKind;
}

export interface ApiDependencies {
  readonly context: Omit<MethodContext, 'signal'>;
  readonly faults: Faults;
  readonly called: (call: TelegramCall) => void;
  readonly now: () => number;
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal;
}

/**
 * Answers `/bot<token>/<method>` as the Bot API server does.
 * @returns false if the address is none of the API's
 */
export function serveApi(
  api: ApiDependencies,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): boolean {
  const address = /^\/bot([^/]+)\/(?:test\/)?([^/]+)$/.exec(url.pathname);
  if (!address) return false;
  const [, token = '', method = ''] = address;
  void answer(api, request, response, url, decodeURIComponent(token), method);
  return true;
}

async function answer(
  api: ApiDependencies,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  token: string,
  name: string,
): Promise<void> {
  const hangUp = new AbortController();
  response.on('close', () => hangUp.abort());
  const signal = AbortSignal.any([hangUp.signal, api.closing]);
  try {
    const params = await readParams(request, url.searchParams);
    const method = methodNamed(name)?.name ?? name;
    const fault = api.faults.take(method);
    api.called({ method, params, at: api.now(), ...(fault ? { fault: fault.kind } : {}) });
    const call = async () => invoke(api, token, name, params, signal);
    send(response, await undergo(fault, call, signal));
  } catch (error) {
    // A client that hung up while it was still sending left nobody to answer.
    if (!response.destroyed) refuse(response, error);
  }
}

function invoke(
  api: ApiDependencies,
  token: string,
  name: string,
  params: Params,
  signal: AbortSignal,
): unknown {
  if (token !== api.context.forum.state.botToken) throw /^\d+:/.test(token) ? unauthorized() : notFound();
  const found = methodNamed(name);
  if (!found) throw notFound();
  return found.method({ ...api.context, signal }, params);
}

function send(response: ServerResponse, outcome: Outcome<unknown>): void {
  if (response.destroyed) return;
  switch (outcome.end) {
    case 'answered':
      json(response, 200, { ok: true, result: outcome.value });
      break;
    case 'page':
      response.writeHead(outcome.status, { 'content-type': 'text/html' }).end(outcome.html);
      break;
    case 'cut':
      response.destroy();
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  const { code, description, parameters } =
    error instanceof ApiError ? error : new ApiError(500, `Internal Server Error: ${String(error)}`);
  // The rest of a body that nobody will read would otherwise be taken for the next request.
  if (code === 413) response.setHeader('connection', 'close');
  json(response, code, { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length })
    .end(bytes);
}
