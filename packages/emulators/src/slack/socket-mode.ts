import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Clock, pause } from '../telegram/clock.js';
import type { Outcome, Transport } from './deliveries.js';
import { ANSWER_WITHIN_MS } from './push.js';
import type { WorkspaceState } from './state.js';

/** Connections that one app may have. @see https://docs.slack.dev/apis/events-api/using-socket-mode */
const MOST_CONNECTIONS = 10;

/** Seconds that a connection is said to last. */
const CONNECTION_TIME = 18_060;

/** Why a connection is ended. @see https://docs.slack.dev/apis/events-api/using-socket-mode#disconnect */
export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled';

/** The line between Slack and an app in Socket Mode: what passes over it, and what goes wrong with it. */
export interface SlackSocketMode {
  readonly connections: number;
  /**
   * Tells every connection that it ends; `warning` comes about ten seconds before, the others end it at once. Without a
   * reason they are cut without a word.
   */
  disconnect(reason?: DisconnectReason): void;
  /** Sends every connection a frame, whatever it holds. */
  say(frame: string | Uint8Array): void;
  /** The envelopes as they were sent, oldest first (the newest 1,000). */
  readonly envelopes: readonly string[];
  /** The ids of those that the app acknowledged, in that order, each as often as it did (the newest 1,000). */
  readonly acknowledged: readonly string[];
}

/** The connections of an app that has no address. */
export class SocketMode implements SlackSocketMode, Transport {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #sockets = new Set<WebSocket>();
  readonly #waiting = new Map<string, (outcome: Outcome) => void>();
  /** Envelopes that were sent on a connection and are not acknowledged. */
  readonly #pending = new Map<WebSocket, Set<string>>();
  readonly envelopes: string[] = [];
  readonly acknowledged: string[] = [];
  #turn = 0;

  constructor(
    private readonly state: WorkspaceState,
    private readonly clock: Clock,
    private readonly closing: AbortSignal,
  ) {
    closing.addEventListener('abort', () => this.disconnect());
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** The address for one connection. */
  newUrl(origin: string): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return `${origin.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${this.state.app.id}`;
  }

  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    const url = new URL(request.url ?? '/', 'http://emulator');
    const ticket = url.searchParams.get('ticket') ?? '';
    if (
      url.pathname !== '/link/' ||
      !this.#tickets.delete(ticket) ||
      this.#sockets.size >= MOST_CONNECTIONS
    ) {
      return false;
    }
    this.#server.handleUpgrade(request, socket, head, (open) => this.#greet(open));
    return true;
  };

  async send(
    payload: object,
    { retry, reason }: { readonly retry: number; readonly reason: string },
  ): Promise<Outcome> {
    const sockets = [...this.#sockets];
    const socket = sockets[this.#turn++ % sockets.length];
    if (!socket) return { taken: false, reason: 'connection_failed' };
    const envelopeId = randomUUID();
    const envelope = {
      envelope_id: envelopeId,
      payload,
      type: 'events_api',
      accepts_response_payload: false,
      retry_attempt: retry,
      retry_reason: reason,
    };
    const over = new AbortController();
    const acknowledged = new Promise<Outcome>((resolve) => this.#waiting.set(envelopeId, resolve));
    const pending = this.#pending.get(socket);
    pending?.add(envelopeId);
    const frame = JSON.stringify(envelope);
    remember(this.envelopes, frame);
    socket.send(frame);
    const timeout = pause(this.clock, ANSWER_WITHIN_MS, AbortSignal.any([over.signal, this.closing]));
    const outcome = await Promise.race([
      acknowledged,
      timeout.then((): Outcome => ({ taken: false, reason: 'timeout' })),
    ]);
    over.abort();
    pending?.delete(envelopeId);
    this.#waiting.delete(envelopeId);
    return outcome;
  }

  disconnect(reason?: DisconnectReason): void {
    for (const socket of this.#sockets) {
      if (!reason) {
        socket.terminate();
        continue;
      }
      socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-emulated' } }));
      if (reason === 'link_disabled') socket.close(1000);
    }
  }

  say(frame: string | Uint8Array): void {
    for (const socket of this.#sockets) socket.send(frame);
  }

  #greet(socket: WebSocket): void {
    this.#sockets.add(socket);
    this.#pending.set(socket, new Set());
    socket.on('close', () => this.#lose(socket));
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => this.#hear(String(data)));
    const hello = {
      type: 'hello',
      num_connections: this.#sockets.size,
      debug_info: { host: 'applink-emulated', build_number: 1, approximate_connection_time: CONNECTION_TIME },
      connection_info: { app_id: this.state.app.id },
    };
    socket.send(JSON.stringify(hello));
  }

  #lose(socket: WebSocket): void {
    this.#sockets.delete(socket);
    for (const id of this.#pending.get(socket) ?? []) {
      this.#waiting.get(id)?.({ taken: false, reason: 'connection_failed' });
    }
    this.#pending.delete(socket);
  }

  #hear(words: string): void {
    try {
      const { envelope_id } = JSON.parse(words) as { envelope_id?: string };
      if (envelope_id !== undefined) remember(this.acknowledged, envelope_id);
      this.#waiting.get(envelope_id ?? '')?.({ taken: true });
    } catch {
      // What is no acknowledgement is passed over, as the platform does.
      return;
    }
  }
}

/** Frames and acknowledgements that are remembered. */
const KEPT = 1000;

const remember = (list: string[], entry: string): void => {
  list.push(entry);
  if (list.length > KEPT) list.shift();
};
