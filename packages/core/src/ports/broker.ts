import type { Json } from '../model/index.js';

/**
 * Carries what was committed from node to node, at most once: it may lose, and it never stores.
 * Whoever needs certainty reads the log; a gap in `seq` tells that something was lost.
 */
export interface Broker {
  /**
   * Hands `payload` to every subscriber of `channel`, on this node and on all others, this publisher included.
   * Messages of one publisher on one channel arrive in order. Returns without waiting for them to arrive and
   * never throws: a broker that is down loses the message and reports it to its own log.
   */
  publish(channel: string, payload: Json): void;
  /**
   * Calls `receive` for each payload published to `channel` from now on. What `receive` throws is the
   * broker's to log and reaches no other subscriber.
   * @returns a function that ends the subscription; calling it twice is harmless.
   */
  subscribe(channel: string, receive: (payload: Json) => void): Promise<() => void>;
  /** Ends every subscription and lets go of connections. What is published afterwards is dropped. */
  close(): Promise<void>;
}
