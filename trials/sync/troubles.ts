import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../until.js';
import type { App, SeenThread } from './apps/app.js';
import { FAULTS, type Strike, type Trouble } from './fate.js';
import type { Ledger } from './ledger.js';
import type { Plan, Saying } from './plan.js';
import type { Timetable } from './timetable.js';
import { tokensIn } from './words.js';

/** How long the platform may hold what it has to tell. */
export const HELD_MS = 1500;

/** A span in which the server may not have been told what happened on a platform. */
export interface Interruption {
  readonly app: App;
  readonly from: number;
  readonly to: number;
}

/** Makes happen what the plan has go wrong. */
export class Troubles {
  readonly interruptions: Interruption[] = [];
  readonly #armed: (() => void)[] = [];
  readonly #ends = new Set<() => void>();
  #isOver = false;

  constructor(
    private readonly apps: readonly App[],
    private readonly plan: Plan,
    private readonly ledger: Ledger,
    private readonly time: Timetable,
    /** Whether its visitor sees an utterance in this version. */
    private readonly reached: (saying: Saying, version: number) => boolean,
  ) {}

  async strike(): Promise<void> {
    for (const strike of this.plan.fate.strikes) {
      await this.time.at(strike.at);
      const app = this.#app(strike.app);
      const withdraw = app.strike(FAULTS[strike.fault], strike.call);
      this.#armed.push(withdraw);
      const { strikeMs } = this.plan.scale;
      void this.#withdraw(
        { app, fault: strike.fault, withdraw },
        strike.call === 'open' ? Math.min(strikeMs, OPENING_MS) : strikeMs,
      );
    }
  }

  /** After a while, or as soon as the platform has known this fault: each is to strike somewhere. */
  async #withdraw({ app, fault, withdraw }: Armed, afterMs: number): Promise<void> {
    const kinds = [FAULTS[fault].kind].flat();
    do await pause(afterMs);
    while (!this.#isOver && !kinds.every((kind) => struckAt(app).has(kind)));
    withdraw();
  }

  async befall(): Promise<void> {
    for (const trouble of this.plan.fate.troubles) {
      await this.time.at(trouble.at);
      if (trouble.name === 'thread lost') void this.#lose(trouble);
      else this.#disturb(trouble);
    }
  }

  /** Every platform that has not done so yet refuses its bridge's token, if the bridge posts anything soon. */
  async refuseTokens(): Promise<void> {
    const isRefused = (app: App) => struckAt(app).has('unauthorized');
    const spared = this.apps.filter((app) => !isRefused(app));
    const withdrawals = spared.map((app) => app.strike(FAULTS.unauthorized, 'post'));
    const withinMs = this.plan.scale.strikeMs;
    // One that posts nothing now is refused before another kill.
    const refused = until(() => spared.every(isRefused), 'every token is refused', { withinMs, everyMs: 20 });
    await refused.catch(() => {});
    for (const withdraw of withdrawals) withdraw();
  }

  /** From now on everything works. */
  end(): void {
    this.#isOver = true;
    for (const withdraw of this.#armed) withdraw();
    for (const end of this.#ends) end();
  }

  /** The server died: until it is back, nobody hears anything. */
  interrupted(from: number): void {
    for (const app of this.apps) this.#deaf(app, from);
  }

  #app(name: App['name']): App {
    return this.apps.find((app) => app.name === name) as App;
  }

  #disturb({ app: name, name: trouble, seed }: Trouble): void {
    const app = this.#app(name);
    const at = Date.now();
    const end = app.trouble(trouble, seed);
    this.#ends.add(end);
    void pause(HELD_MS).then(end);
    if (BREAKS.has(trouble)) this.#deaf(app, at);
  }

  #deaf(app: App, from: number): void {
    void this.time
      .until(() => Date.now() - from > NOTICED_MS && app.isHeard, `${app.name} is heard again`)
      .then(() => this.interruptions.push({ app, from, to: Date.now() }));
  }

  /** One whose conversation goes on, so that another thread has to follow, and in which nothing is that nobody has heard. */
  async #lose({ app: name, seed }: Trouble): Promise<void> {
    const app = this.#app(name);
    for (let attempt = 0; attempt < LOSING_ATTEMPTS; attempt++) {
      const threads = app.isHeard ? app.threads().filter((thread) => this.#mayBeLost(app, thread)) : [];
      const thread = threads[seed % threads.length];
      if (thread?.sessionId) {
        app.lose(thread.id);
        this.ledger.lose(app, thread.id, thread.sessionId);
        return;
      }
      await pause(100);
    }
  }

  /** Of a note, its visitor knows nothing: the other platforms show it. */
  #isElsewhere(app: App, sessionId: string, { number, isNote }: Saying): boolean {
    const others = isNote ? this.apps.filter((other) => other !== app) : [];
    return others.some((other) =>
      other
        .threads()
        .some(
          (thread) =>
            thread.sessionId === sessionId &&
            thread.messages.some(({ text }) => tokensIn(text).some(({ utterance }) => utterance === number)),
        ),
    );
  }

  #mayBeLost(app: App, { id, sessionId = '' }: SeenThread): boolean {
    if (app.threadOf(sessionId) !== id) return false;
    const said = [...this.ledger.said.values()].filter((one) => one.sessionId === sessionId);
    const now = Date.now();
    const isHeard = said.every(
      ({ typed, saying, at, removedAt = 0, version }) =>
        typed?.thread !== id ||
        (now - Math.max(at, removedAt) > HEARD_MS &&
          (removedAt > 0 || this.reached(saying, version) || this.#isElsewhere(app, sessionId, saying))),
    );
    const [session] = said.map(({ saying }) => saying.session);
    const goesOn = this.plan.sayings.some(
      (later) =>
        later.session === session && !later.operator && later.at > now - this.time.began + GOING_ON_MS,
    );
    return isHeard && goesOn;
  }
}

/** A fault that waits for its call. */
interface Armed {
  readonly app: App;
  readonly fault: Strike['fault'];
  readonly withdraw: () => void;
}

/** For so long a fault waits for a thread to be begun. */
const OPENING_MS = 5000;

const LOSING_ATTEMPTS = 100;
/** After so long nothing that was typed is under way any more, as far as anybody listens. */
const HEARD_MS = 1000;
const GOING_ON_MS = 300;

/** After these a client may begin anew, and is not told what happened in between. */
const BREAKS: ReadonlySet<Trouble['name']> = new Set(['session forgotten', 'session invalid', 'unreachable']);

/** Until a broken line is seen to be broken. */
const NOTICED_MS = 1500;

/** The faults that have struck a platform. */
export const struckAt = (app: App): Set<string> => new Set(app.calls().flatMap(({ faults }) => faults));
