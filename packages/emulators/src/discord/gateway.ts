import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Random } from '../telegram/random.js';
import { type Disorder, disorderly } from './disorder.js';
import type { Guild } from './guild.js';
import { Intent, seenWith } from './intents.js';
import { GatewaySession } from './session.js';
import { userObject } from './wire.js';

/** @see https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-opcodes */
const Op = {
  heartbeat: 1,
  identify: 2,
  presence: 3,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

/** @see https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
const Close = {
  unknown: 4000,
  decode: 4002,
  unauthenticated: 4003,
  failed: 4004,
  already: 4005,
  disallowed: 4014,
};

const HEARTBEAT_MS = 41_250;

/** Clients that close like this give up their session. @see https://discord.com/developers/docs/events/gateway#initiating-a-disconnect */
const FINAL = new Set([1000, 1001]);

export interface GatewayDependencies {
  readonly guild: Guild;
  readonly botToken: string;
  /** Where the bot's next connection goes. */
  readonly url: () => string;
}

/** How connections are cut. */
export interface GatewayCut {
  readonly code?: number;
  /** False forgets the sessions, so that clients begin anew. True by default. */
  readonly resumable?: boolean;
  /** So many of the last events that it had already are sent once more to who resumes. */
  readonly again?: number;
}

/** The line between Discord and its clients: what passes over it, and what goes wrong with it. */
export interface DiscordGateway {
  /** How often a client began anew. */
  readonly identified: number;
  /** How often one resumed. */
  readonly resumed: number;
  /** The clients that are connected and known. */
  readonly connected: number;
  /** Cuts every connection. */
  drop(how?: GatewayCut): void;
  /**
   * Nobody reaches the gateway, and who was there is cut: clients are refused, or with `silent` get no answer.
   * @returns a function that ends it
   */
  shut(how?: { readonly silent?: boolean }): () => void;
  /** Tells clients that their session is invalid. @see https://discord.com/developers/docs/events/gateway#invalid-session */
  invalidate(resumable?: boolean): void;
  /** Asks clients to connect again. @see https://discord.com/developers/docs/events/gateway#reconnect */
  requestReconnect(): void;
  /** Tells every client of anything, as it is. */
  dispatch(name: string, payload: unknown): void;
  /** Tells every client that begins of something before it learns of the server. */
  dispatchFirst(name: string, payload: unknown): void;
  /** Sends every client a frame, whatever it holds. */
  send(frame: string | Uint8Array): void;
  /** Of the next event clients get only the first half of its frame. */
  cutNext(): void;
  /** The events of the last client that identified, as they were sent, oldest first (the newest 2,000). */
  frames(): readonly string[];
}

/**
 * The connection over which bots hear what happens.
 * @see https://discord.com/developers/docs/events/gateway
 */
export class Gateway implements DiscordGateway {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 4096 });
  readonly #sessions = new Map<string, GatewaySession>();
  readonly #sockets = new Set<WebSocket>();
  readonly #disorder: Disorder;
  #open = true;
  /** Clients that wait for an answer, where there is none. */
  #unanswered: Set<Duplex> | undefined;
  /** Events that whoever resumes next is sent again. */
  #again = 0;
  identified = 0;
  resumed = 0;
  /** What clients are told after their session has begun and before they learn of the server. */
  readonly #first: { readonly name: string; readonly payload: unknown }[] = [];
  /** The bot's application may not have the content of messages. */
  withoutContent = false;

  constructor(private readonly about: GatewayDependencies) {
    this.#disorder = disorderly((name, payload) => this.#spread(name, payload));
    about.guild.connect((name, payload, cause = 'bot') => this.#disorder.dispatch(name, payload, cause));
  }

  get connected(): number {
    return [...this.#sessions.values()].filter(({ online }) => online).length;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#unanswered) {
      this.#unanswered.add(socket);
      return;
    }
    if (!this.#open) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (connection) => this.#greet(connection));
  }

  drop({ code = Close.unknown, resumable = true, again = 0 }: GatewayCut = {}): void {
    this.#again = again;
    if (!resumable) this.#sessions.clear();
    for (const socket of this.#sockets) socket.close(code);
  }

  shut({ silent = false }: { readonly silent?: boolean } = {}): () => void {
    this.#open = false;
    if (silent) this.#unanswered = new Set();
    for (const socket of this.#sockets) socket.terminate();
    return () => {
      this.#open = true;
      this.#answerNobody();
    };
  }

  invalidate(resumable = false): void {
    if (!resumable) this.#sessions.clear();
    this.#broadcast({ op: Op.invalidSession, d: resumable });
  }

  requestReconnect(): void {
    this.#broadcast({ op: Op.reconnect, d: null });
  }

  dispatch(name: string, payload: unknown): void {
    for (const session of this.#sessions.values()) session.dispatch(name, payload);
  }

  dispatchFirst(name: string, payload: unknown): void {
    this.#first.push({ name, payload });
  }

  send(frame: string | Uint8Array): void {
    for (const socket of this.#sockets) socket.send(frame);
  }

  cutNext(): void {
    for (const session of this.#sessions.values()) session.cutNext();
  }

  frames(): readonly string[] {
    return [...this.#sessions.values()].at(-1)?.frames() ?? [];
  }

  repeat(copies: number, count: number): () => void {
    return this.#disorder.repeat(copies, count);
  }

  reorder(count: number, random?: Random): () => void {
    return this.#disorder.reorder(count, random);
  }

  close(): void {
    this.#answerNobody();
    for (const socket of this.#sockets) socket.terminate();
    this.#server.close();
  }

  #answerNobody(): void {
    for (const socket of this.#unanswered ?? []) socket.destroy();
    this.#unanswered = undefined;
  }

  #spread(name: string, payload: object): void {
    for (const session of this.#sessions.values()) {
      const seen = seenWith(session.intents, name, payload, this.about.guild);
      if (seen) session.dispatch(name, seen);
    }
  }

  #broadcast(frame: object): void {
    for (const socket of this.#sockets) socket.send(JSON.stringify(frame));
  }

  #greet(socket: WebSocket): void {
    this.#sockets.add(socket);
    let session: GatewaySession | undefined;
    socket.on('message', (raw) => {
      const frame = frameFrom(String(raw));
      if (!frame) return socket.close(Close.decode);
      if (frame.op === Op.heartbeat) return socket.send(JSON.stringify({ op: Op.heartbeatAck, d: null }));
      if (frame.op === Op.identify || frame.op === Op.resume) {
        if (session?.online) return socket.close(Close.already);
        session = frame.op === Op.identify ? this.#identify(socket, frame.d) : this.#resume(socket, frame.d);
      } else if (!session) socket.close(Close.unauthenticated);
    });
    socket.on('close', (code) => {
      this.#sockets.delete(socket);
      session?.leave(socket);
      if (session && FINAL.has(code)) this.#sessions.delete(session.id);
    });
    socket.on('error', () => socket.terminate());
    socket.send(JSON.stringify({ op: Op.hello, d: { heartbeat_interval: HEARTBEAT_MS, _trace: [] } }));
  }

  #identify(socket: WebSocket, d: Readonly<Record<string, unknown>>): GatewaySession | undefined {
    const { guild, botToken, url } = this.about;
    const intents = Number(d.intents);
    if (d.token !== botToken) return void socket.close(Close.failed, 'Authentication failed.');
    if (this.withoutContent && (intents & Intent.messageContent) !== 0) {
      return void socket.close(Close.disallowed, 'Disallowed intent(s).');
    }
    this.identified += 1;
    const session = new GatewaySession(randomBytes(16).toString('hex'), intents);
    this.#sessions.set(session.id, session);
    session.join(socket);
    session.dispatch('READY', {
      v: 10,
      user: { ...userObject(guild.bot), verified: true, mfa_enabled: false, email: null },
      guilds: [{ id: guild.id, unavailable: true }],
      session_id: session.id,
      resume_gateway_url: url(),
      session_type: 'normal',
      private_channels: [],
      relationships: [],
      presences: [],
      application: { id: guild.applicationId, flags: 565_248 },
      shard: d.shard,
    });
    for (const { name, payload } of this.#first) session.dispatch(name, payload);
    const created = seenWith(intents, 'GUILD_CREATE', {}, guild);
    if (created) session.dispatch('GUILD_CREATE', created);
    return session;
  }

  #resume(socket: WebSocket, d: Readonly<Record<string, unknown>>): GatewaySession | undefined {
    const session = this.#sessions.get(String(d.session_id));
    if (d.token !== this.about.botToken || !session?.canResume(Number(d.seq))) {
      return void socket.send(JSON.stringify({ op: Op.invalidSession, d: false }));
    }
    this.resumed += 1;
    session.join(socket, Number(d.seq) - this.#again);
    this.#again = 0;
    return session;
  }
}

interface Frame {
  readonly op: number;
  readonly d: Readonly<Record<string, unknown>>;
}

const frameFrom = (raw: string): Frame | undefined => {
  try {
    const frame: unknown = JSON.parse(raw);
    return typeof frame === 'object' && frame !== null && 'op' in frame ? (frame as Frame) : undefined;
  } catch {
    return undefined;
  }
};
