import { PocketPingError, type VisitorActor } from '@pocketping/core';
import type { EventData } from '@pocketping/protocol';
import type { Door } from './door.js';
import type { DroppedEvents } from './dropped-events.js';
import { rateLimited } from './failure.js';
import type { Streaming } from './stream.js';

/** Events of one WebSocket that wait for those before them. */
const MOST_WAITING = 100;

/** Refusals of an event that say nothing of the connection. */
const ofTheEvent: ReadonlySet<string> = new Set(['session_ended', 'conflict']);

/** What such an event comes to. */
interface Triggered {
  readonly name: string;
  readonly data?: EventData | undefined;
  readonly clientEventId?: string | undefined;
}

/**
 * The custom events that come in over one WebSocket, one after the other. One that is too many or that cannot be taken is not
 * worth the connection: the conversation goes on over it. There is no answer to a frame, so it is dropped, and the log says so.
 */
export class SocketTriggers {
  private turn: Promise<void>;
  private waiting = 0;

  constructor(
    private readonly house: {
      readonly door: Door;
      readonly streaming: Streaming;
      readonly dropped: DroppedEvents;
    },
    private readonly socket: {
      readonly sessionId: string;
      /** Settles when it is known whose the WebSocket is. */
      readonly joined: Promise<void> | undefined;
      actor(): VisitorActor | undefined;
      /** Ends the WebSocket. */
      fail(error: unknown): void;
    },
  ) {
    this.turn = socket.joined ?? Promise.resolve();
  }

  /** @param event undefined for one that is not valid */
  take(event: Triggered | undefined): void {
    if (this.waiting >= MOST_WAITING) {
      this.drop('too many wait already');
      return;
    }
    this.waiting++;
    this.turn = this.turn
      .then(() => this.trigger(event))
      .catch((error: unknown) => this.refused(error))
      .then(() => {
        this.waiting--;
      });
  }

  private async trigger(event: Triggered | undefined): Promise<void> {
    const actor = this.socket.actor();
    if (!actor) return;
    if (!event) return this.drop('their name or data are not valid');
    if (!this.house.door.take('event', actor)) return this.drop('the visitor triggers too many');
    const { sessionId } = this.socket;
    await this.house.streaming.engine.conversation.trigger(actor, { ...event, sessionId });
  }

  private refused(error: unknown): void {
    const passing = PocketPingError.isInstance(error) && (ofTheEvent.has(error.code) || error.retryable);
    if (passing) this.drop(error.message);
    else this.socket.fail(error);
  }

  private drop(why: string): void {
    const { door, dropped } = this.house;
    const actor = this.socket.actor();
    dropped.tell({ sessionId: this.socket.sessionId, visitorId: actor?.id }, why);
    if (actor && !door.take('droppedEvent', actor)) this.socket.fail(rateLimited(1000));
  }
}
