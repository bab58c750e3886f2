import {
  type Follower,
  type Following,
  type LogEntry,
  PocketPingError,
  type ResetReason,
  type Signal,
  type VisitorActor,
} from '@pocketping/core';
import type { Seq } from '@pocketping/protocol';
import { Crowd } from './crowd.js';
import { encodeEntry, encodeSignal } from './encoding.js';
import { rateLimited } from './failure.js';
import { type Beating, HEARTBEAT_MS, Heartbeat } from './heartbeat.js';
import type { Engine, HttpOptions } from './options.js';
import { pingFrame, resetFrame } from './projection.js';

/** What all streams of a server have in common. */
export interface Streaming {
  readonly engine: Engine;
  /** Who has a stream open, by visitor. */
  readonly readers: Crowd;
  /** The connections that streams need, by address: WebSockets from their upgrade on, server-sent events, and polls that wait. */
  readonly connections: Crowd;
  readonly heartbeat: Heartbeat;
  /** Bytes a reader may be behind. */
  readonly bufferBytes: number;
}

export const createStreaming = (engine: Engine, options: HttpOptions): Streaming => ({
  engine,
  readers: new Crowd(Number.POSITIVE_INFINITY, options.streamsPerVisitor ?? 50),
  connections: new Crowd(options.streams?.total ?? 20_000, options.streams?.perAddress ?? 500),
  heartbeat: new Heartbeat(engine.clock),
  bufferBytes: options.streamBufferBytes ?? 1024 * 1024,
});

/**
 * To be asked before a connection is taken, while it can still be told in plain HTTP.
 * @throws PocketPingError `unavailable` when this server has all the streams it takes, `rate_limited` when the address has.
 */
export function requireRoom({ connections }: Streaming, address: string): void {
  if (connections.full) {
    const why = 'As many streams are open as this server takes.';
    throw new PocketPingError('unavailable', why, { retryAfterMs: HEARTBEAT_MS });
  }
  if (connections.fullOf(address)) throw rateLimited(HEARTBEAT_MS);
}

/** Where the frames of one session go. */
export interface FrameSink {
  /** @returns false, having taken nothing, when too much is waiting to go out already. */
  send(json: string, seq?: Seq): boolean;
  /** Called with every heartbeat: a carrier that can tell whether the other end lives finds out now. */
  beat?(): void;
  /** Nothing more comes. */
  end(reason: EndReason): void;
}

/**
 * - `unauthorized`: the token was revoked.
 * - `blocked`: the team keeps the visitor out.
 * - `stopping`: this server stops.
 * - `too_slow`: the reader did not keep up; it resumes from the last `seq` it has.
 * - `reset`: the last frame said that there is nothing to resume.
 * - `failed`: the log could not be read on.
 */
export type EndReason = 'unauthorized' | 'blocked' | 'stopping' | 'too_slow' | 'reset' | 'failed';

/**
 * Follows a session's log into a sink: everything after the cursor, in order and once, then what happens.
 * Resolves when the sink is up to the head, has had its first `ping`, and knows who of the team is there.
 * @throws PocketPingError `rate_limited` for too many streams, and what `Conversation.follow` throws.
 */
export async function openStream(
  streaming: Streaming,
  actor: VisitorActor,
  from: { readonly sessionId: string; readonly after: Seq },
  sink: FrameSink,
): Promise<LiveStream> {
  if (streaming.readers.fullOf(actor.id)) throw rateLimited(HEARTBEAT_MS);
  const stream = new LiveStream(streaming, actor.id, from.sessionId, sink);
  try {
    stream.live(await streaming.engine.conversation.follow(actor, from, stream));
    return stream;
  } catch (error) {
    stream.close();
    throw error;
  }
}

/** One reader of one session, from its first frame to its last. There are thousands, so it holds little. */
export class LiveStream implements Follower, Beating {
  private following: Following | undefined;
  private turn: Set<Beating> | undefined;
  private over = false;

  constructor(
    private readonly streaming: Streaming,
    private readonly visitorId: string,
    private readonly sessionId: string,
    private readonly sink: FrameSink,
  ) {
    streaming.readers.enter(visitorId);
  }

  entry(entry: LogEntry): void {
    const json = encodeEntry(entry);
    if (json !== null) this.send(json, entry.event.seq);
  }

  signal(signal: Signal): void {
    this.send(encodeSignal(signal, this.sessionId));
  }

  reset(reason: ResetReason, seq?: Seq): void {
    this.send(JSON.stringify(resetFrame(reason, seq)), seq);
    this.end('reset');
  }

  end(reason: EndReason): void {
    if (this.over) return;
    this.close();
    this.sink.end(reason);
  }

  /** The reader is gone. */
  close(): void {
    if (this.over) return;
    this.over = true;
    this.streaming.readers.leave(this.visitorId);
    this.turn?.delete(this);
    this.following?.close();
  }

  live(following: Following): void {
    this.following = following;
    this.beat();
    // It is not in the log, and may have changed since the reader was here last.
    this.signal({ type: 'presence', presence: following.presence });
    if (this.over) following.close();
    else this.turn = this.streaming.heartbeat.join(this);
  }

  beat(): void {
    if (this.over || !this.following) return;
    const { seq } = this.following;
    this.send(JSON.stringify(pingFrame(seq)), seq);
    if (!this.over) this.sink.beat?.();
  }

  private send(json: string, seq?: Seq): void {
    if (!this.over && !this.sink.send(json, seq)) this.end('too_slow');
  }
}
