import type { Connected, Following, VisitorActor } from '@pocketping/core';
import type { SessionId } from '@pocketping/protocol';
import type { Random } from '../../random.js';
import type { Stage } from '../stage.js';
import type { Asking, Door } from './asking.js';
import { View } from './view.js';

interface Holder {
  readonly name: string;
  readonly actor: VisitorActor;
  /** Connects with the visitor's token. */
  connect(sessionId: SessionId | undefined): Promise<Connected>;
}

const PAGE = 20;

/** One tab of a visitor's browser: shows a session and keeps up with it, over a stream or by polling. */
export class Tab {
  readonly name: string;
  readonly view: View;
  readonly #stage: Stage;
  readonly #asking: Asking;
  readonly #random: Random;
  readonly #holder: Holder;
  readonly #polls: boolean;
  #sessionId: SessionId;
  #online = false;
  /** Grows with every time it goes online, and with every reload: what belongs to an earlier one is over. */
  #times = 0;
  #loads = 0;
  /** Ends the stream or the poll that is under way. */
  #hangUp: () => void = () => {};
  #following: Following | undefined;
  #cursor = 0;

  constructor(
    name: string,
    at: { stage: Stage; asking: Asking; random: Random },
    holder: Holder,
    first: Connected,
  ) {
    this.name = name;
    this.#stage = at.stage;
    this.#asking = at.asking;
    this.#random = at.random;
    this.#holder = holder;
    this.#polls = at.random.chance(0.3);
    this.#sessionId = first.session.id;
    this.view = new View(at.stage, name);
    this.#cursor = first.seq;
    this.view.load(first);
    if (first.hasMore) void this.#loadOlder(first);
  }

  get sessionId(): SessionId {
    return this.#sessionId;
  }

  /** How far it has been told, holes included. */
  get seq(): number {
    return Math.max(this.#following?.seq ?? 0, this.#cursor, this.view.seq);
  }

  goOnline(): void {
    if (this.#online) return;
    this.#online = true;
    void this.#keepUp(++this.#times);
  }

  goOffline(): void {
    this.#online = false;
    this.#hangUp();
  }

  /** Begins anew with what `connect` tells; after the visitor's own end that is another session. */
  async reload(): Promise<void> {
    const connected = await this.#holder.connect(this.#random.chance(0.7) ? this.#sessionId : undefined);
    this.#loads++;
    this.#hangUp();
    this.#following = undefined;
    this.#sessionId = connected.session.id;
    this.#cursor = connected.seq;
    this.view.load(connected);
    if (connected.hasMore) await this.#loadOlder(connected);
  }

  async #loadOlder({ messages }: Connected): Promise<void> {
    const load = ++this.#loads;
    let before = messages[0]?.id;
    for (let more = true; more && before !== undefined; ) {
      const query = { sessionId: this.#sessionId, before, limit: PAGE };
      const page = await this.#asking.until((pp) => pp.conversation.messages(this.#holder.actor, query));
      if (page.is === 'refused')
        return this.#stage.fail(`${this.name} was refused a page: ${page.error.message}`);
      if (load !== this.#loads) return;
      this.view.add(page.value.messages);
      more = page.value.hasMore;
      before = page.value.messages[0]?.id;
    }
  }

  async #keepUp(time: number): Promise<void> {
    while (this.#online && time === this.#times) {
      const door = await this.#asking.door();
      if (!this.#online || time !== this.#times) return;
      const why = this.#polls ? await this.#poll(door) : await this.#stream(door);
      this.#stage.trace.add(() => `${this.name} at ${this.seq}: ${why}`);
      if (!this.#online || time !== this.#times) return;
      if (why === 'reset') await this.reload();
      else if (why !== 'polled') await this.#stage.clock.sleep(this.#random.between(100, 2000));
    }
  }

  #stream(door: Door): Promise<string> {
    const after = this.#random.chance(0.5) ? this.view.seq : this.seq;
    const sessionId = this.#sessionId;
    let following: Following | undefined;
    let over = false;
    return new Promise<string>((resolve) => {
      const finish = (why: string) => {
        if (over) return;
        over = true;
        // What the engine goes on telling, nobody hears.
        this.#cursor = Math.max(this.#cursor, following?.seq ?? 0);
        this.#following = undefined;
        following?.close();
        resolve(why);
      };
      const follower = {
        entry: (entry: Parameters<View['take']>[0]) => {
          if (!over) this.view.take(entry);
        },
        signal: () => {},
        reset: () => finish('reset'),
        end: finish,
      };
      this.#hangUp = () => finish('hung up');
      door.life.onEnd(() => finish('the node died'));
      door.pp.conversation.follow(this.#holder.actor, { sessionId, after }, follower).then(
        (begun) => {
          if (over) return begun.close();
          following = begun;
          this.#following = begun;
        },
        (error: unknown) => finish(`it failed: ${String(error)}`),
      );
    });
  }

  async #poll(door: Door): Promise<string> {
    const sessionId = this.#sessionId;
    const over = new AbortController();
    let hungUp = false;
    this.#hangUp = () => {
      hungUp = true;
      over.abort();
    };
    const query = {
      sessionId,
      after: this.seq,
      wait: this.#random.pick([0, 5, 10]),
      limit: this.#random.pick([3, 100]),
    };
    const reply = await this.#asking.once(door, (pp) =>
      pp.conversation.events(this.#holder.actor, query, over.signal),
    );
    if (hungUp || sessionId !== this.#sessionId) return 'hung up';
    if (reply.is !== 'done') return reply.is === 'lost' ? 'lost' : `it failed: ${String(reply.error)}`;
    if (reply.value.reset !== undefined) return 'reset';
    for (const entry of reply.value.entries) this.view.take(entry);
    this.#cursor = Math.max(this.#cursor, reply.value.seq);
    if (query.wait === 0 && !reply.value.hasMore) await this.#stage.clock.sleep(2000);
    return 'polled';
  }
}
