import { BridgeError, type BridgeHost, type Instant } from '@pocketping/core';
import { backoffMs } from '@pocketping/core/bridging';
import type { TeamEvent } from '@pocketping/protocol';
import type { Attendance } from './attendance.js';
import { isDeed, parse } from './parse.js';
import { threadOf } from './refs.js';
import type { From, Server } from './server.js';
import type { Settings } from './settings.js';
import { type Told, toldBy } from './stream.js';

/** Milliseconds for a connection to stand, and for its first ping. */
const PATIENCE_MS = 10_000;
/** The server gives a sign of life every 30 s. */
const SILENCE_MS = 45_000;
const WAITS = { firstMs: 500, longestMs: 30_000 };
/** A connection that has stood for so long was no failure. */
const STEADY_MS = 1000;
/** A person has to act first. */
const REPAIR_MS = 60_000;

/** Follows the stream of the team's doings from `begin` until `end`, whatever happens to the connection. */
export class Listening {
  readonly #server: Server;
  readonly #origin: string;
  readonly #host: BridgeHost;
  readonly #attendance: Attendance;
  readonly #stop = new AbortController();
  /** Everything up to here was taken; undefined before the first ping. */
  #position: number | undefined;
  /** Milliseconds by which the server's clock is ahead. */
  #aheadMs = 0;
  #failures = 0;
  #broken = false;
  #running: Promise<void> = Promise.resolve();

  constructor(server: Server, { origin }: Settings, host: BridgeHost, attendance: Attendance) {
    this.#server = server;
    this.#origin = origin;
    this.#host = host;
    this.#attendance = attendance;
  }

  /** Resolves when the stream stands. @throws BridgeError saying what to do */
  async begin(): Promise<void> {
    const line = await this.#connect({});
    await this.#settle(line);
    this.#running = this.#run(line);
  }

  /** Resolves when nothing more is handed over. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  get isOver(): boolean {
    return this.#stop.signal.aborted;
  }

  /** What the server's clock shows at an instant of ours. */
  there(instant: Instant): Instant {
    return instant + this.#aheadMs;
  }

  async #run(first: Line): Promise<void> {
    let line: Line | undefined = first;
    while (!this.isOver) {
      let waitMs: number;
      try {
        line ??= await this.#connect(this.#position === undefined ? {} : { after: this.#position });
        this.#heal();
        await this.#follow(line);
        return;
      } catch (error) {
        waitMs = this.isOver ? 0 : this.#failed(error, line);
      }
      line?.close();
      line = undefined;
      if (waitMs > 0) await this.#host.clock.sleep(waitMs, this.#stop.signal);
    }
  }

  /** @returns for how many milliseconds not to try again */
  #failed(error: unknown, line: Line | undefined): number {
    if (line && this.#host.clock.now() - line.since >= STEADY_MS) this.#failures = 0;
    // What stood and breaks is often whole again at once, as when the server restarts.
    const mayBeWhole = line !== undefined && this.#failures === 0 && !(error instanceof Refused);
    if (!line) {
      this.#broken = true;
      this.#host.broken(error);
    }
    const waitMs = this.#waitAfter(error);
    return mayBeWhole ? 0 : waitMs;
  }

  /** @throws BridgeError */
  async #connect(from: From): Promise<Line> {
    const line = new Line(this.#stop.signal, this.#host.clock.now());
    const cancel = this.#host.clock.schedule(PATIENCE_MS, () => line.close());
    try {
      line.reader = toldBy(await this.#server.listen(from, { signal: line.signal }), this.#host.logger);
      return line;
    } catch (error) {
      line.close();
      throw error;
    } finally {
      cancel();
    }
  }

  /** Reads a new line up to its first ping; what comes before that is kept for later. @throws BridgeError */
  async #settle(line: Line): Promise<void> {
    const cancel = this.#host.clock.schedule(PATIENCE_MS, () => line.close());
    try {
      for (;;) {
        const next = await this.#heardOn(line);
        if (next.done) throw new BridgeError('unavailable', 'The server ended the stream of events at once.');
        if (next.value) line.early.push(next.value);
        if (next.value?.event.type === 'ping') {
          this.#position ??= startOf(line.early);
          return;
        }
      }
    } catch (error) {
      line.close();
      throw error;
    } finally {
      cancel();
    }
  }

  /** Hands over what the stream tells, one after the other, until it is over. @throws what ended it */
  async #follow(line: Line): Promise<void> {
    for (const told of line.early) await this.#take(told, line);
    while (!this.isOver) {
      const cancel = this.#host.clock.schedule(SILENCE_MS, () => line.close());
      const next = await this.#heardOn(line).finally(cancel);
      if (next.done) throw new BridgeError('unavailable', 'The server ended the stream of events.');
      if (next.value) await this.#take(next.value, line);
    }
  }

  /** The server's clock counts from when it is read: what was missed is asked for by it, and what came early waits for that. */
  async #heardOn(line: Line): Promise<IteratorResult<Told | undefined, void>> {
    const next = await line.next();
    const event = next.value?.event;
    if (event?.type === 'ping') this.#aheadMs = Date.parse(event.timestamp) - this.#host.clock.now();
    return next;
  }

  async #take({ event, position }: Told, line: Line): Promise<void> {
    if (event.type === 'ping') return this.#ping(event, line);
    await this.#handOver(event, position ?? 0);
    if (position !== undefined) this.#position = Math.max(this.#position ?? 0, position);
  }

  #ping({ position }: Extract<TeamEvent, { type: 'ping' }>, line: Line): void {
    const before = this.#position ?? position;
    this.#position = Math.max(before, position);
    if (!line.isNew) return;
    line.isNew = false;
    if (position >= before) return;
    // A log that is shorter than what it told of is another one: the server has lost its data, and begins anew.
    this.#position = position;
    this.#host.missed();
  }

  async #handOver(event: TeamEvent, position: number): Promise<void> {
    if (event.type === 'operator_typing') {
      const { id, name } = { id: '', ...event.operator };
      return this.#host.typing(threadOf(this.#origin, event), { id, name });
    }
    try {
      if (event.type === 'operator_status') {
        for (const inbound of this.#attendance.news(event.operators, this.#host.clock.now())) {
          await this.#host.receive(inbound);
        }
      } else if (isDeed(event)) {
        const inbound = parse(event, this.#origin, position);
        if (inbound) await this.#host.receive(inbound);
      }
    } catch (cause) {
      throw new Refused(cause);
    }
  }

  #heal(): void {
    if (!this.#broken) return;
    this.#broken = false;
    this.#host.healed();
  }

  #waitAfter(error: unknown): number {
    const { code, retryAfterMs } = BridgeError.isInstance(error) ? error : ({} as Partial<BridgeError>);
    if (code === 'unauthorized' || code === 'misconfigured') return REPAIR_MS;
    return Math.max(backoffMs(++this.#failures, WAITS), retryAfterMs ?? 0);
  }
}

/** Before what came first: should the engine not take it, it has to come again, and what follows it too. */
const startOf = (early: readonly Told[]): number | undefined => {
  for (const { event, position } of early) {
    if (event.type === 'ping') return event.position;
    if (position !== undefined) return position - 1;
  }
  return undefined;
};

/** The engine could not take something: it has to come again, and the connection is none the worse. */
class Refused extends Error {
  constructor(cause: unknown) {
    super('The engine did not take it.', { cause });
  }
}

/** One connection. */
class Line {
  readonly #over = new AbortController();
  readonly #stop: AbortSignal;
  readonly #close = () => this.close();
  reader: ReturnType<typeof toldBy> | undefined;
  /** What was read and not handed over yet. */
  readonly early: Told[] = [];
  /** It has not told yet how far the server is. */
  isNew = true;

  constructor(
    stop: AbortSignal,
    readonly since: Instant,
  ) {
    this.#stop = stop;
    stop.addEventListener('abort', this.#close, { once: true });
    if (stop.aborted) this.close();
  }

  get signal(): AbortSignal {
    return this.#over.signal;
  }

  next(): Promise<IteratorResult<Told | undefined, void>> {
    if (!this.reader) throw new Error('The line does not stand.');
    return this.reader.next();
  }

  close(): void {
    this.#stop.removeEventListener('abort', this.#close);
    this.#over.abort();
  }
}
