import type { ConnectResponse, Frame, WireIdentity } from '@pocketping/protocol';
import type { Api, Session } from './api.js';
import { backoffMs } from './backoff.js';
import { sleep } from './clock.js';
import { connectOnce } from './connect.js';
import type { Environment } from './environment.js';
import { asPocketPingError, type PocketPingError } from './errors.js';
import type { Persistence } from './persistence.js';
import type { Link } from './state.js';
import { type Outgoing, SILENCE_MS } from './transports/carrier.js';
import { carrierLadder } from './transports/ladder.js';

/** A connection that lived shorter than this proves nothing: the wait before the next keeps growing. */
const PROVEN_MS = 5_000;

export interface ConnectionEvents {
  /** The conversation as it stands; it replaces whatever was shown. */
  onConnected(response: ConnectResponse): void;
  onFrame(frame: Frame): void;
  onLink(link: Link): void;
  /** The server does not want this page, and would not tomorrow. */
  onRefused(error: PocketPingError): void;
}

export type Connection = ReturnType<typeof createConnection>;

/** Connects, follows the log, and does both again whenever it has to, until it is stopped. */
export function createConnection(
  environment: Environment,
  api: Api,
  endpoint: string,
  stored: Persistence,
  identity: () => WireIdentity | undefined,
  events: ConnectionEvents,
) {
  const { clock } = environment;
  const outgoing: Outgoing = {};
  const follow = carrierLadder(environment);
  let life: AbortController | undefined;
  /** Ends what the loop is doing now: a connect, a carrier. */
  let step = new AbortController();
  /** Ends its waiting. */
  let pause = new AbortController();
  let session: Session | undefined;
  let cursor = 0;
  /** The session that `cursor` belongs to. */
  let followed: string | undefined;
  /** What the log says up to here is in the answer to connect already, except for events. */
  let head = 0;
  let failures = 0;
  let hurry = false;
  let heardAt = 0;

  const run = async (signal: AbortSignal) => {
    events.onLink('connecting');
    while (!signal.aborted) {
      step = new AbortController();
      hurry = false;
      const retryAfterMs = session ? await followLog(session, signal) : await connect(signal);
      if (signal.aborted || hurry || retryAfterMs === undefined) continue;
      failures++;
      events.onLink('lost');
      pause = new AbortController();
      await sleep(clock, backoffMs(failures, environment.random, retryAfterMs), pause.signal);
    }
  };

  /** The milliseconds to wait at least before the next attempt, or undefined to go on at once. */
  const connect = async (signal: AbortSignal): Promise<number | undefined> => {
    try {
      const connected = await connectOnce(environment, api, stored, identity(), step.signal);
      if (signal.aborted || step.signal.aborted) return undefined;
      session = connected.session;
      const { sessionId } = session;
      head = connected.response.seq;
      cursor = Math.min((followed === sessionId ? cursor : stored.followed(sessionId)) ?? head, head);
      followed = sessionId;
      stored.saveFollowed(sessionId, cursor);
      events.onConnected(connected.response);
      return undefined;
    } catch (thrown) {
      const error = asPocketPingError(thrown);
      if (signal.aborted || step.signal.aborted) return undefined;
      if (error.retryable) return error.retryAfterMs;
      stop();
      events.onLink('refused');
      events.onRefused(error);
      return undefined;
    }
  };

  const advance = (seq: number) => {
    cursor = seq;
    stored.saveFollowed(followed!, seq);
  };

  const followLog = async (ours: Session, signal: AbortSignal): Promise<number | undefined> => {
    let liveSince: number | undefined;
    const stillFollowed = () => !step.signal.aborted && session === ours;
    const ending = await follow(
      {
        environment,
        endpoint,
        ...ours,
        after: () => cursor,
        signal: step.signal,
        onLive() {
          heardAt = clock.now();
          if (liveSince !== undefined || !stillFollowed()) return;
          liveSince = heardAt;
          events.onLink('live');
        },
        onFrame(frame) {
          if (!stillFollowed() || frame.type === 'ping') return;
          if (frame.type === 'reset') {
            // What was said is loaded anew; events are followed on. Without a seq the cursor means nothing to the server.
            if (frame.seq) advance(frame.seq);
            else {
              followed = undefined;
              stored.forgetFollowed();
            }
            return renew();
          }
          if ('seq' in frame && frame.seq) {
            if (frame.seq <= cursor) return;
            advance(frame.seq);
            if (frame.seq <= head && frame.type !== 'event') return;
          }
          events.onFrame(frame);
        },
        onCursor(seq) {
          if (stillFollowed() && seq > cursor) advance(seq);
        },
      },
      outgoing,
    );
    if (signal.aborted) return undefined;
    if (liveSince !== undefined && clock.now() - liveSince >= PROVEN_MS) failures = 0;
    if (ending.climbing) return undefined;
    if (ending.reason === 'refused' && session === ours) session = undefined;
    return ending.retryAfterMs ?? 0;
  };

  /** Leaves the session, so that the loop connects anew. */
  const renew = () => {
    session = undefined;
    step.abort();
  };
  const renewAtOnce = () => {
    hurry = true;
    renew();
    pause.abort();
  };

  /** It takes no more messages; others may have found out already. */
  const leaveConversation = (left: Session) => {
    const known = stored.credentials();
    if (known?.sessionId === left.sessionId) {
      const { sessionId: _left, ...rest } = known;
      stored.saveCredentials(rest);
    }
    if (session?.sessionId === left.sessionId) renewAtOnce();
  };

  const stop = () => {
    life?.abort();
    life = undefined;
    session = undefined;
    step.abort();
    pause.abort();
  };

  const wake = () => {
    failures = 0;
    pause.abort();
  };

  const unsubscribe = [
    environment.onNetwork(() => {
      // The old connection may look alive for minutes after the network under it has changed.
      hurry = environment.online();
      step.abort();
      if (hurry) wake();
    }),
    environment.onVisibility(() => {
      if (!environment.visible()) return;
      // Timers of a hidden page are slowed down, or it slept altogether.
      if (clock.now() - heardAt > SILENCE_MS && session) {
        hurry = true;
        step.abort();
      }
      wake();
    }),
  ];

  return {
    session: () => session,
    running: () => life !== undefined,
    /** Sends over the open WebSocket; false if there is none. */
    sendFrame(frame: object): boolean {
      outgoing.send?.(frame);
      return outgoing.send !== undefined;
    },
    start() {
      if (life) return wake();
      life = new AbortController();
      failures = 0;
      void run(life.signal);
    },
    /** Connects anew with whatever credentials are stored now. */
    renewAtOnce,
    leaveConversation,
    /** Leaves what an answer says is gone: a visitor, or a conversation. False where it says no such thing. */
    leave(left: Session, { status, code }: PocketPingError): boolean {
      if (status === 401) {
        if (stored.credentials()?.token === left.token) stored.forgetCredentials();
        if (session?.token === left.token) renewAtOnce();
      } else if (['session_ended', 'session_not_found'].includes(code)) leaveConversation(left);
      else return false;
      return true;
    },
    stop() {
      stop();
      events.onLink('idle');
    },
    /** Stops listening to the browser. */
    destroy() {
      for (const end of unsubscribe) end();
    },
  };
}
