import type { WebSocket } from 'ws';

/** Events that are kept for a client that resumes; one that missed more has to begin anew. */
const KEPT = 2000;

interface Kept {
  readonly s: number;
  readonly frame: string;
}

/**
 * What one client has been told, which outlives its connection.
 * @see https://discord.com/developers/docs/events/gateway#resuming
 */
export class GatewaySession {
  #socket: WebSocket | undefined;
  #sequence = 0;
  #kept: Kept[] = [];
  /** Events whose frames are cut in the middle. */
  #toCut = 0;

  constructor(
    readonly id: string,
    readonly intents: number,
  ) {}

  get online(): boolean {
    return this.#socket !== undefined;
  }

  /** Whether everything after that event is still there. */
  canResume(sequence: number): boolean {
    const oldest = this.#kept[0]?.s ?? this.#sequence + 1;
    return sequence >= oldest - 1 && sequence <= this.#sequence;
  }

  /** @param after the last event that the client knows, where it resumes */
  join(socket: WebSocket, after?: number): void {
    this.#socket = socket;
    if (after === undefined) return;
    for (const { s, frame } of this.#kept) if (s > after) socket.send(frame);
    this.dispatch('RESUMED', { _trace: [] });
  }

  leave(socket: WebSocket): void {
    if (this.#socket === socket) this.#socket = undefined;
  }

  /** What it was told, oldest first. */
  frames(): readonly string[] {
    return this.#kept.map(({ frame }) => frame);
  }

  dispatch(name: string, payload: unknown): void {
    this.#sequence += 1;
    const frame = JSON.stringify({ op: 0, t: name, s: this.#sequence, d: payload });
    this.#kept.push({ s: this.#sequence, frame });
    if (this.#kept.length > KEPT) this.#kept = this.#kept.slice(-KEPT);
    const isCut = this.#toCut > 0;
    if (isCut) this.#toCut -= 1;
    this.#socket?.send(isCut ? frame.slice(0, frame.length / 2) : frame);
  }

  /** Of the next event only the first half of its frame is sent. */
  cutNext(): void {
    this.#toCut += 1;
  }
}
