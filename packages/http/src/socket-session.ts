import { type Cancel, PocketPingError, type VisitorActor } from '@pocketping/core';
import { CLOSE_CODES, type ClientFrame, clientFrame, LIMITS } from '@pocketping/protocol';
import type { Crowd } from './crowd.js';
import type { Caller, Door } from './door.js';
import type { DroppedEvents } from './dropped-events.js';
import { SocketTriggers } from './socket-triggers.js';
import { type EndReason, type FrameSink, type LiveStream, openStream, type Streaming } from './stream.js';

/** One WebSocket as its adapter offers it. None of the methods throws. */
export interface SocketWire {
  /** Bytes that were sent and that the network has not taken yet. */
  readonly bufferedBytes: number;
  send(text: string): void;
  /** Begins the closing handshake after what was sent; an end that does not answer is cut off by the adapter. */
  close(code: number, reason: string): void;
  /** Sends a ping of RFC 6455, or cuts the connection off if the last one was not answered. */
  ping(): void;
}

/** What the adapter tells about its WebSocket. */
export interface SocketEvents {
  /** A text message. */
  message(text: string): void;
  /** The connection is gone, whoever ended it. */
  closed(): void;
}

const END_CODES: Readonly<Record<EndReason, number>> = {
  unauthorized: CLOSE_CODES.unauthorized,
  blocked: CLOSE_CODES.blocked,
  too_slow: CLOSE_CODES.tooSlow,
  // RFC 6455 §7.4.1: going away, normal closure, internal error.
  stopping: 1001,
  reset: 1000,
  failed: 1011,
};

/** What all WebSockets of a server have in common. */
export interface Lobby {
  readonly streaming: Streaming;
  readonly door: Door;
  /** Those of which nobody knows yet whose they are, by address. */
  readonly pending: Crowd;
  readonly open: Set<SocketSession>;
  readonly dropped: DroppedEvents;
}

/** A WebSocket of which nobody knows yet whose it is. */
interface Stranger {
  readonly caller: Caller;
  /** Where to begin, unless `hello` says so. */
  readonly after: number;
  readonly cancelDeadline: Cancel;
}

/** One WebSocket, from its opening to its end. Ten thousand of them may be idle, so it holds little meanwhile. */
export class SocketSession implements SocketEvents, FrameSink {
  private state: 'silent' | 'joining' | 'live' | 'over' = 'silent';
  private stranger: Stranger | undefined;
  private actor: VisitorActor | undefined;
  private stream: LiveStream | undefined;
  private joining: Promise<void> | undefined;
  /** Most pages trigger nothing. */
  private events: SocketTriggers | undefined;
  private readonly sessionId: string;
  private readonly address: string;

  constructor(
    private readonly lobby: Lobby,
    private readonly wire: SocketWire,
    query: { readonly sessionId: string; readonly after: number },
    { caller, address }: { readonly caller: Caller; readonly address: string },
  ) {
    const cancelDeadline = lobby.streaming.engine.clock.schedule(LIMITS.helloMs, () =>
      this.finish(CLOSE_CODES.helloExpected, 'no hello in time'),
    );
    this.sessionId = query.sessionId;
    this.address = address;
    this.stranger = { caller, after: query.after, cancelDeadline };
    lobby.streaming.connections.enter(address);
    lobby.pending.enter(address);
    lobby.open.add(this);
  }

  message(text: string): void {
    if (this.state === 'over') return;
    // RFC 6455 §7.4.1: too big to be processed. Only who is known may send more than this.
    if (this.state === 'silent' && text.length > LIMITS.helloLength) {
      this.finish(1009, 'too large');
      return;
    }
    const frame = parseClientFrame(text);
    if (this.state === 'silent') {
      if (frame?.type === 'hello' && this.stranger) this.joining = this.join(this.stranger, frame.data);
      else this.finish(CLOSE_CODES.helloExpected, 'hello expected');
    } else if (frame?.type === 'typing') {
      void this.type(frame.data.isTyping);
    } else if (frame?.type === 'event' || frame?.type === 'invalid_event') {
      this.events ??= this.triggers();
      this.events.take(frame.type === 'event' ? frame.data : undefined);
    } else {
      this.finish(1008, 'unexpected frame');
    }
  }

  closed(): void {
    this.state = 'over';
    this.noLongerStrange();
    this.lobby.streaming.connections.leave(this.address);
    this.lobby.open.delete(this);
    this.stream?.close();
  }

  send(json: string): boolean {
    if (this.wire.bufferedBytes > this.lobby.streaming.bufferBytes) return false;
    this.wire.send(json);
    return true;
  }

  beat(): void {
    this.wire.ping();
  }

  end(reason: EndReason): void {
    this.finish(END_CODES[reason], reason);
  }

  private async join(
    stranger: Stranger,
    { token, after = stranger.after }: { token: string; after?: number | undefined },
  ) {
    const { door, streaming } = this.lobby;
    this.state = 'joining';
    stranger.cancelDeadline();
    try {
      this.actor = await door.admit(token, 'stream', stranger.caller);
      this.noLongerStrange();
      const stream = await openStream(streaming, this.actor, { sessionId: this.sessionId, after }, this);
      this.stream = stream;
      if (this.state === 'joining') this.state = 'live';
      else stream.close();
    } catch (error) {
      this.fail(error);
    }
    this.joining = undefined;
  }

  private triggers(): SocketTriggers {
    return new SocketTriggers(this.lobby, {
      sessionId: this.sessionId,
      joined: this.joining,
      actor: () => (this.state === 'over' ? undefined : this.actor),
      fail: (error) => this.fail(error),
    });
  }

  /** Its request is forgotten: with its headers it is larger than all that is held of a WebSocket afterwards. */
  private noLongerStrange(): void {
    if (!this.stranger) return;
    this.stranger.cancelDeadline();
    this.lobby.pending.leave(this.address);
    this.stranger = undefined;
  }

  /** Typing that cannot be told is not worth a connection, unless there is a flood of it. */
  private async type(isTyping: boolean) {
    if (!this.actor) return;
    if (!this.lobby.door.take('typing', this.actor))
      return this.finish(CLOSE_CODES.rateLimited, 'too many frames');
    try {
      await this.lobby.streaming.engine.conversation.type(this.actor, {
        sessionId: this.sessionId,
        isTyping,
      });
    } catch (error) {
      if (!PocketPingError.isInstance(error)) this.fail(error);
    }
  }

  private fail(error: unknown): void {
    const code = PocketPingError.isInstance(error) ? error.code : 'internal_error';
    if (code === 'unauthorized' || code === 'session_not_found') {
      this.finish(CLOSE_CODES.unauthorized, code);
    } else if (code === 'blocked') {
      this.finish(CLOSE_CODES.blocked, code);
    } else if (code === 'rate_limited') {
      this.finish(CLOSE_CODES.rateLimited, code);
    } else {
      this.lobby.streaming.engine.logger.error({ err: error }, 'A WebSocket failed.');
      // RFC 6455 and IANA's registry: 1013 asks to try again later.
      this.finish(code === 'unavailable' ? 1013 : 1011, code);
    }
  }

  private finish(code: number, reason: string): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.stranger?.cancelDeadline();
    this.stream?.close();
    this.wire.close(code, reason);
  }
}

function parseClientFrame(text: string): ClientFrame | { readonly type: 'invalid_event' } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const frame = clientFrame.safeParse(value).data;
    return frame ?? (isEvent(value) ? { type: 'invalid_event' } : undefined);
  } catch {
    return undefined;
  }
}

const isEvent = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'event';
