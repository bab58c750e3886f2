import {
  BridgeError,
  type Note,
  type Part,
  type PostCall,
  type PostedRef,
  type SessionCard,
  type ThreadRef,
} from '@pocketping/core';
import { postThrough, threadOf } from './incoming-webhook.js';
import { renderMarked } from './render-marked.js';
import type { Capabilities, Seat } from './seat.js';
import type { WebhookSettings } from './settings.js';

/** An incoming webhook: it posts, and hears nothing. */
export class WebhookSeat implements Seat {
  readonly botName = 'PocketPing';
  readonly capabilities: Capabilities = { threadless: true };
  readonly #settings: WebhookSettings;

  constructor(settings: WebhookSettings) {
    this.#settings = settings;
  }

  /** Whether a webhook works shows only when something is posted. */
  async begin(): Promise<void> {}

  async end(): Promise<void> {}

  async open(card: SessionCard): Promise<ThreadRef> {
    return threadOf(card);
  }

  render(note: Note, card: SessionCard): Part[] {
    return renderMarked(note, card, this.#settings);
  }

  post(thread: ThreadRef, part: Part, call: PostCall): Promise<PostedRef> {
    return postThrough(this.#settings, thread, part, call);
  }

  async answer(): Promise<void> {
    throw new BridgeError('invalid', 'Nobody writes to an incoming webhook.');
  }
}
