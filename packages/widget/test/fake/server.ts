import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ERROR_STATUS, type ErrorCode, type Frame } from '@pocketping/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { FakeConversations, type FakeSession } from './conversations.js';
import { Refusal } from './refusal.js';
import { routes } from './routes.js';

/** What goes wrong with a request: no answer before or after its effect, or a refusal. */
export type Fault = 'drop-before' | 'drop-after' | { code: ErrorCode; retryAfter?: number };

export interface Asked {
  method: string;
  path: string;
  body: Record<string, unknown>;
  token: string | undefined;
}

/** A server that speaks the visitor protocol over real sockets, with faults on demand. */
export class FakeServer {
  readonly conversations = new FakeConversations();
  /** Every HTTP request that was answered, or would have been. */
  readonly asked: Asked[] = [];
  readonly sockets = new Set<WebSocket>();
  readonly typings: boolean[] = [];
  /** Frames a client sent over a WebSocket after its hello. */
  fault: (request: Asked) => Fault | undefined = () => undefined;
  webSocket: 'works' | 'refused' | 'silent' = 'works';
  events: 'works' | 'refused' = 'works';
  /** A cursor from which nothing is resumed. */
  tooFarBehind: number | undefined;
  /** Pages beside the protocol, for tests in a browser. */
  readonly pages = new Map<string, { type: string; body: string; headers?: Record<string, string> }>();
  private readonly streams = new Map<ServerResponse, { session: FakeSession; send(frame: Frame): void }>();
  private readonly http: Server;
  private readonly upgrades = new WebSocketServer({ noServer: true });

  private constructor() {
    this.http = createServer((request, response) => void this.answer(request, response));
    this.http.on('upgrade', (request, socket, head) => {
      if (this.webSocket === 'refused') return socket.destroy();
      this.upgrades.handleUpgrade(request, socket, head, (ws) =>
        this.welcome(ws, new URL(request.url!, 'http://x')),
      );
    });
  }

  static async start(): Promise<FakeServer> {
    const server = new FakeServer();
    await new Promise<void>((resolve) => server.http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get endpoint(): string {
    return `${this.origin}/pocketping`;
  }

  /** Requests to a path, e.g. `/message`. */
  to(path: string): Asked[] {
    return this.asked.filter((request) => request.path === path);
  }

  /** How many clients follow a log right now. */
  get followers(): number {
    return this.conversations.listeners.size;
  }

  /** Cuts every stream, as a proxy or a restart would. */
  cut(code = 1012): void {
    for (const socket of this.sockets) socket.close(code);
    for (const response of this.streams.keys()) response.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private welcome(socket: WebSocket, url: URL): void {
    this.sockets.add(socket);
    let end = () => {};
    socket.on('close', () => {
      this.sockets.delete(socket);
      end();
    });
    if (this.webSocket === 'silent') return;
    let greeted = false;
    socket.on('message', (raw) => {
      const { type, data } = JSON.parse(String(raw));
      if (greeted) {
        if (type === 'typing') this.typings.push(data.isTyping);
        return;
      }
      greeted = true;
      const session = this.conversations.sessions.get(url.searchParams.get('sessionId') ?? '');
      if (type !== 'hello') return socket.close(4400);
      if (!session || this.conversations.tokens.get(data.token) !== session.visitorId)
        return socket.close(4401);
      end = this.follow(session, data.after, (frame) => socket.send(JSON.stringify(frame)));
    });
  }

  private follow(session: FakeSession, after: number, send: (frame: Frame) => void): () => void {
    if (after > session.seq || after === this.tooFarBehind) {
      send({ type: 'reset', data: { reason: 'unknown_cursor' } });
      return () => {};
    }
    for (const frame of session.log) if (frame.seq > after) send(frame);
    send({ type: 'ping', seq: session.seq, data: {} });
    const listener = (whose: FakeSession, frame: Frame) => {
      if (whose === session) send(frame);
    };
    this.conversations.listeners.add(listener);
    return () => this.conversations.listeners.delete(listener);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.origin);
    const page = this.pages.get(url.pathname);
    if (page)
      return void response.writeHead(200, { 'content-type': page.type, ...page.headers }).end(page.body);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const path = url.pathname.replace(/^\/pocketping/, '');
    const { files } = this.conversations;
    if (files.isBytes(path)) return files.serve(path, request, Buffer.concat(chunks), response);
    const asked: Asked = {
      method: request.method!,
      path,
      body:
        chunks.length > 0
          ? JSON.parse(Buffer.concat(chunks).toString())
          : Object.fromEntries(url.searchParams),
      token: request.headers.authorization?.replace('Bearer ', ''),
    };
    this.asked.push(asked);
    const fault = this.fault(asked);
    if (fault === 'drop-before') return void response.destroy();
    try {
      if (typeof fault === 'object') throw new Refusal(fault.code, fault.retryAfter);
      if (path === '/stream') return this.stream(asked, url, response);
      const route = routes[path];
      if (!route) throw new Refusal('not_found');
      const answered = await route(this.conversations, asked, response);
      if (path === '/typing') this.typings.push(asked.body.isTyping as boolean);
      if (fault === 'drop-after') return void response.destroy();
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answered));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.writeHead(ERROR_STATUS[error.code], {
        'content-type': 'application/json',
        ...(error.retryAfter && { 'retry-after': String(error.retryAfter) }),
      });
      response.end(JSON.stringify({ error: { code: error.code, message: error.code, requestId: 'req_1' } }));
    }
  }

  private stream(asked: Asked, url: URL, response: ServerResponse): void {
    if (this.events === 'refused') throw new Refusal('unavailable');
    const session = this.conversations.sessions.get(url.searchParams.get('sessionId') ?? '');
    if (!session || this.conversations.tokens.get(asked.token ?? '') !== session.visitorId) {
      throw new Refusal('unauthorized');
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (frame: Frame) => {
      const id = 'seq' in frame && frame.seq ? `id: ${frame.seq}\n` : '';
      response.write(`${id}data: ${JSON.stringify(frame)}\n\n`);
    };
    this.streams.set(response, { session, send });
    const end = this.follow(session, Number(url.searchParams.get('after')), send);
    response.on('close', () => {
      this.streams.delete(response);
      end();
    });
  }
}
