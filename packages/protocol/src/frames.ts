import { z } from 'zod';
import { eventData, eventName, wireEvent } from './event.js';
import { LIMITS } from './limits.js';
import { presence, wireMessage } from './message.js';
import { clientId } from './text.js';

const logged = z.number().int();

/**
 * What the server sends. A frame with a `seq` is an entry of the session's log and comes exactly once, in
 * order, to whoever follows from a cursor; one without is ephemeral and goes only to who is connected.
 */
export const frame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), seq: logged, data: wireMessage }),
  z.object({ type: z.literal('message_edited'), seq: logged, data: wireMessage }),
  z.object({ type: z.literal('message_deleted'), seq: logged, data: wireMessage }),
  z.object({
    type: z.literal('read'),
    seq: logged,
    data: z.object({
      /** Whose side has received or read. */
      by: z.enum(['visitor', 'operator']),
      status: z.enum(['delivered', 'read']),
      /** The other side's messages up to and including this `seq`. */
      upTo: z.number().int(),
    }),
  }),
  z.object({
    type: z.literal('session_closed'),
    seq: logged,
    data: z.object({
      by: z.enum(['visitor', 'operator', 'system']),
      /** True after the visitor's own end: this session takes no more messages. */
      ended: z.boolean(),
    }),
  }),
  z.object({
    type: z.literal('typing'),
    data: z.object({
      sender: z.enum(['operator', 'ai']),
      name: z.string().optional(),
      isTyping: z.boolean(),
    }),
  }),
  z.object({ type: z.literal('presence'), data: presence }),
  /** The site's own code tells the page something: to this session with a `seq`, to everybody who is connected without; before a `reset` without, too. */
  z.object({ type: z.literal('event'), seq: logged.optional(), data: wireEvent }),
  /** The stream is live and this is its head: sent after `hello`, and every 25 s. */
  z.object({ type: z.literal('ping'), seq: logged, data: z.object({}) }),
  /**
   * The log is not replayed from the cursor the client named: reload with `POST /connect`. Events that the page was still to be
   * told came right before, without a `seq` of their own; with the `seq` of this frame as its next cursor a client misses none
   * that is emitted while it reloads, and passes over whatever else it has reloaded.
   */
  z.object({
    type: z.literal('reset'),
    seq: logged.optional(),
    data: z.object({ reason: z.enum(['too_far_behind', 'unknown_cursor']) }),
  }),
]);
export type Frame = z.infer<typeof frame>;
export type FrameOf<T extends Frame['type']> = Extract<Frame, { type: T }>;

/** What a client sends over a WebSocket. `hello` comes first, within 5 s. */
export const clientFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    data: z.object({
      token: clientId(LIMITS.idLength),
      /** Where to resume; the `after` of the URL by default. */
      after: z.number().int().nonnegative().optional(),
    }),
  }),
  z.object({ type: z.literal('typing'), data: z.object({ isTyping: z.boolean() }) }),
  z.object({
    type: z.literal('event'),
    data: z.object({
      name: eventName,
      data: eventData.optional(),
      /** As in `POST /event`. */
      clientEventId: clientId(LIMITS.idLength).optional(),
    }),
  }),
]);
export type ClientFrame = z.infer<typeof clientFrame>;

/** Why the server ended a WebSocket, in the private range of RFC 6455 §7.4.2. */
export const CLOSE_CODES = {
  /** No `hello` in time, or something else came first. */
  helloExpected: 4400,
  /** The token is unknown or revoked, or the session is not its visitor's. */
  unauthorized: 4401,
  /** The team keeps this visitor out: there is nothing to reconnect for. */
  blocked: 4403,
  /** The reader was too slow: reconnect and resume from the last `seq`. */
  tooSlow: 4408,
  /** Too many frames. */
  rateLimited: 4429,
} as const;
