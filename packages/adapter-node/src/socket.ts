import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock, Logger } from '@pocketping/core';
import type { Exchange, SocketEvents, SocketWire, WireOutput } from '@pocketping/http';
import { LIMITS } from '@pocketping/protocol';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { HANG_UP_MS } from './response.js';

export interface NodeSockets {
  /** Answers a request for a WebSocket: with one, or with why not. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer, query: string): void;
  /** Resolves when every WebSocket is gone. */
  gone(): Promise<void>;
  /** Cuts what is left. */
  cut(): void;
}

/** WebSockets by `ws`: it does RFC 6455, the protocol decides what is said. */
export function createNodeSockets(
  exchange: Exchange,
  { clock, logger }: { clock: Clock; logger: Logger },
): NodeSockets {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: LIMITS.clientFrameBytes,
    perMessageDeflate: false,
  });
  const open = new Map<WebSocket, NodeSocket>();
  /** Two listeners of one server may both be asked: a second handshake on one connection would throw. */
  const taken = new WeakSet<Duplex>();
  let whenGone: (() => void) | undefined;

  const begin = (ws: WebSocket, session: (wire: SocketWire) => SocketEvents) => {
    open.set(ws, new NodeSocket(ws, clock, session));
    ws.on('message', heard).on('pong', answered).on('error', failed).on('close', closed);
  };
  // One set of listeners serves all WebSockets: one for each would be a good part of what an idle one costs.
  function heard(this: WebSocket, frame: RawData, isBinary: boolean) {
    open.get(this)?.hear(frame, isBinary);
  }
  function answered(this: WebSocket) {
    open.get(this)?.pong();
  }
  // `ws` has sent the close frame that fits the violation; who sent nonsense may not read it.
  function failed(this: WebSocket) {
    open.get(this)?.hangUp();
  }
  function closed(this: WebSocket) {
    open.get(this)?.over();
    open.delete(this);
    if (open.size === 0) whenGone?.();
  }

  return {
    upgrade(req, socket, head, query) {
      if (taken.has(socket)) return;
      taken.add(socket);
      socket.on('error', ignore);
      const decision = exchange.upgrade({
        headers: req.headers,
        remoteAddress: req.socket.remoteAddress,
        query,
      });
      if ('refusal' in decision) return refuse(socket, decision.refusal);
      try {
        server.handleUpgrade(req, socket, head, (ws) => begin(ws, decision.open));
      } catch (err) {
        // Two servers of the `ws` package on one connection: the other one was first, and has it.
        const hint =
          'Another listener took a WebSocket that is PocketPing’s: give its WebSocketServer a path of its own.';
        logger.error({ err }, hint);
      }
    },
    gone: () =>
      new Promise((resolve) => {
        whenGone = resolve;
        if (open.size === 0) resolve();
      }),
    cut() {
      for (const ws of open.keys()) ws.terminate();
    },
  };
}

/** Answers an upgrade in plain HTTP and closes the connection. */
export function refuse(socket: Duplex, { status, headers, body }: WireOutput): void {
  const fields = { ...headers, connection: 'close', 'content-length': `${Buffer.byteLength(body)}` };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}

/** One WebSocket as the protocol sees it. */
class NodeSocket implements SocketWire {
  private readonly session: SocketEvents;
  private answered = true;
  private hangingUp = false;

  constructor(
    private readonly ws: WebSocket,
    private readonly clock: Clock,
    session: (wire: SocketWire) => SocketEvents,
  ) {
    this.session = session(this);
  }

  get bufferedBytes(): number {
    return this.ws.bufferedAmount;
  }

  send(text: string): void {
    if (this.ws.readyState === this.ws.OPEN) this.ws.send(text);
  }

  close(code: number, reason: string): void {
    this.ws.close(code, reason);
    this.hangUp();
  }

  ping(): void {
    if (this.answered) this.ws.ping();
    else this.ws.terminate();
    this.answered = false;
  }

  pong(): void {
    this.answered = true;
  }

  hear(frame: RawData, isBinary: boolean): void {
    // RFC 6455 §7.4.1: 1003 is for a type of data that the endpoint does not take.
    if (isBinary) this.close(1003, 'text expected');
    else this.session.message(frame.toString());
  }

  over(): void {
    this.session.closed();
  }

  hangUp(): void {
    if (this.hangingUp) return;
    this.hangingUp = true;
    const cancel = this.clock.schedule(HANG_UP_MS, () => this.ws.terminate());
    this.ws.once('close', cancel);
  }
}

const ignore = () => {};
