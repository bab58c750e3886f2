import { RemoteBridge, type RemoteBridgeOptions } from '../src/index.js';

/** A request as the server gets it. */
export interface Asked {
  readonly method: string;
  readonly address: string;
  /** Path and query, from the root on. */
  readonly path: string;
  readonly headers: Headers;
  /** A JSON body, parsed. */
  readonly event: Record<string, unknown>;
  /** Any other body. */
  readonly bytes: Uint8Array;
  readonly signal: AbortSignal;
}

type Answer = (asked: Asked) => Response | Promise<Response>;

const ROOT = 'https://chat.example';
export const MIRRORED_AT = '2026-01-21T09:00:00.000Z';

export const taken = (more: object = {}): Response =>
  Response.json({ ok: true, mirroredAt: MIRRORED_AT, duplicate: false, ...more });

export const refused = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  Response.json({ error: { code, message: `It says ${code}.`, requestId: 'req_1' } }, { status, headers });

/** A server of which every answer is told beforehand, and a bridge to it. */
export const scripted = (options: Partial<RemoteBridgeOptions> = {}) => {
  const asked: Asked[] = [];
  const answers: Answer[] = [];
  const answering = (request: Asked): Response | Promise<Response> =>
    (answers.shift() ?? (() => taken()))(request);
  const ask: typeof fetch = async (input, init = {}) => {
    const { body, signal } = init;
    const bytes = new Uint8Array(await new Response(body ?? '').arrayBuffer());
    const headers = new Headers(init.headers);
    const isJson = headers.get('content-type') === 'application/json';
    const request: Asked = {
      method: init.method ?? 'GET',
      address: String(input),
      path: String(input).slice(ROOT.length),
      headers,
      event: isJson ? (JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>) : {},
      bytes,
      signal: signal as AbortSignal,
    };
    asked.push(request);
    return answering(request);
  };
  const bridge = new RemoteBridge({ bridgeUrl: ROOT, apiKey: 'secret', fetch: ask, ...options });
  return {
    bridge,
    asked,
    /** What the server was told, oldest first. */
    get events() {
      return asked.filter(({ path }) => path === '/api/events').map(({ event }) => event);
    },
    /** The next answers, first one first; after that everything is taken. */
    answer: (...next: Answer[]) => void answers.push(...next),
  };
};

/** A stream of server-sent events that a test writes. */
export const eventStream = () => {
  let body: ReadableStreamDefaultController<Uint8Array> | undefined;
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      body = controller;
    },
    cancel: () => {
      cancelled = true;
    },
  });
  const write = (text: string) => {
    if (!cancelled) body?.enqueue(new TextEncoder().encode(text));
  };
  return {
    /** The answer that begins it; it breaks when the request is given up. */
    answer: ({ signal }: Pick<Asked, 'signal'>): Response => {
      signal.addEventListener('abort', () => {
        if (!cancelled) body?.error(signal.reason);
        cancelled = true;
      });
      return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
    },
    tell: (event: object, position?: number) =>
      write(`${position === undefined ? '' : `id: ${position}\n`}data: ${JSON.stringify(event)}\n\n`),
    ping: (position: number, at: number) =>
      write(`data: ${JSON.stringify({ type: 'ping', position, timestamp: new Date(at).toISOString() })}\n\n`),
    beat: () => write(': beat\n\n'),
    end: () => body?.close(),
    break: () => body?.error(new TypeError('terminated')),
    get isGivenUp() {
      return cancelled;
    },
  };
};
