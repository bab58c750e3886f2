import { type Clock, pause } from './clock.js';
import type { EmulatorState, PendingUpdate, WebhookState } from './state.js';
import type { UpdateQueue } from './updates.js';

/** Milliseconds for which an answer is waited for. */
const ANSWER_WITHIN_MS = 60_000;

/** The longest pause, as a multiple of the first. */
const LONGEST_PAUSE = 60;

/** What an endpoint answered, as far as it matters. */
type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface WebhookDependencies {
  readonly state: EmulatorState;
  readonly updates: UpdateQueue;
  readonly clock: Clock;
  /** Milliseconds before the first repetition; each further one waits twice as long. */
  readonly retryMs: number;
  /** How requests are sent. */
  readonly fetch: Fetch;
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal;
  readonly changed: () => void;
}

/**
 * Posts updates to the bot's webhook: each until it is answered with 2xx, several at once if that is allowed. With one
 * connection the order is kept; with more, one that is repeated does not hold up the others.
 * @see https://core.telegram.org/bots/api#setwebhook
 */
export class Webhook {
  /** How often each undelivered update has failed. */
  readonly #failures = new Map<PendingUpdate, number>();
  /** On the way, or waiting to be repeated. */
  readonly #busy = new Set<PendingUpdate>();
  #connections = 0;
  #until = new AbortController();

  constructor(private readonly needs: WebhookDependencies) {
    needs.updates.onArrival(() => this.#deliver());
    needs.closing.addEventListener('abort', () => this.#stop());
  }

  /** Sends updates there from now on. */
  set(webhook: WebhookState): void {
    this.remove();
    this.needs.state.webhook = webhook;
    this.needs.changed();
    this.#deliver();
  }

  /** Takes up what a file kept. */
  resume(): void {
    this.#deliver();
  }

  remove(): void {
    this.#stop();
    this.needs.state.webhook = undefined;
    this.needs.changed();
  }

  #stop(): void {
    this.#until.abort();
    this.#until = new AbortController();
    this.#busy.clear();
    this.#failures.clear();
    this.#connections = 0;
  }

  #deliver(): void {
    const { state, updates, closing } = this.needs;
    const { webhook } = state;
    if (!webhook || closing.aborted) return;
    for (const one of updates.waiting()) {
      if (this.#connections >= webhook.maxConnections) return;
      if (!this.#busy.has(one)) void this.#send(webhook, one, this.#until.signal);
      // The order is kept: nothing overtakes the first.
      if (webhook.maxConnections === 1) return;
    }
  }

  async #send(webhook: WebhookState, one: PendingUpdate, signal: AbortSignal): Promise<void> {
    this.#busy.add(one);
    this.#connections += 1;
    const outcome = await this.#post(webhook, one, signal);
    if (signal.aborted) return;
    this.#connections -= 1;
    if (outcome.taken) {
      this.#failures.delete(one);
      this.#busy.delete(one);
      this.needs.updates.confirm(one);
      return this.#deliver();
    }
    this.#failed(outcome.why);
    this.#deliver();
    await pause(this.needs.clock, this.#pauseMs(one, outcome.retryAfter), signal);
    if (signal.aborted) return;
    this.#busy.delete(one);
    this.#deliver();
  }

  async #post(
    webhook: WebhookState,
    { update }: PendingUpdate,
    signal: AbortSignal,
  ): Promise<{ taken: true } | { taken: false; why: string; retryAfter: number }> {
    const hangUp = new AbortController();
    const abort = () => hangUp.abort();
    signal.addEventListener('abort', abort);
    const cancel = this.needs.clock.schedule(ANSWER_WITHIN_MS, abort);
    try {
      const response = await this.needs.fetch(webhook.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(webhook.secretToken ? { 'x-telegram-bot-api-secret-token': webhook.secretToken } : {}),
        },
        body: JSON.stringify(update),
        redirect: 'manual',
        signal: hangUp.signal,
      });
      await response.arrayBuffer();
      if (response.ok) return { taken: true };
      const retryAfter = Number(response.headers.get('retry-after') ?? 0);
      const why = `Wrong response from the webhook: ${response.status} ${response.statusText}`.trim();
      return { taken: false, why, retryAfter: Number.isFinite(retryAfter) ? retryAfter : 0 };
    } catch (error) {
      return {
        taken: false,
        why: hangUp.signal.aborted ? 'Read timeout expired' : failure(error),
        retryAfter: 0,
      };
    } finally {
      cancel();
      signal.removeEventListener('abort', abort);
    }
  }

  #failed(why: string): void {
    const { state, clock, changed } = this.needs;
    if (!state.webhook) return;
    state.webhook = {
      ...state.webhook,
      lastErrorDate: Math.floor(clock.now() / 1000),
      lastErrorMessage: why,
    };
    changed();
  }

  /** @param retryAfter seconds that the endpoint asked for, 0 if none */
  #pauseMs(one: PendingUpdate, retryAfter: number): number {
    const failures = (this.#failures.get(one) ?? 0) + 1;
    this.#failures.set(one, failures);
    if (retryAfter > 0) return Math.min(retryAfter, 3600) * 1000;
    return this.needs.retryMs * Math.min(2 ** (failures - 1), LONGEST_PAUSE);
  }
}

function failure(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ECONNREFUSED' ? 'Connection refused' : 'Connection reset by peer';
}
