import type { Clock } from '@pocketping/core';

/** A client hears something at least this often, and so do the proxies between. */
export const HEARTBEAT_MS = 25_000;

/** What has a pulse. */
export interface Beating {
  beat(): void;
}

/**
 * Beats for many streams with one timer: a timer for each would be a good part of what an idle stream costs. A round has
 * turns, and everybody beats in the same turn of every round; so few beat together, whoever came together.
 */
export class Heartbeat {
  private readonly turns: readonly Set<Beating>[] = Array.from({ length: TURNS }, () => new Set());
  private next = 0;
  private running = false;

  constructor(private readonly clock: Clock) {}

  /**
   * Beats first after 15 to 25 s, and then every 25 s.
   * @returns the turn that it got; it leaves by deleting itself from there.
   */
  join(one: Beating): Set<Beating> {
    const later = FIRST_TURN + Math.floor(Math.random() * (TURNS - FIRST_TURN));
    const turn = this.turns[(this.next + later) % TURNS] as Set<Beating>;
    turn.add(one);
    if (!this.running) this.run();
    return turn;
  }

  private run(): void {
    this.running = this.turns.some(({ size }) => size > 0);
    if (this.running) this.clock.schedule(TURN_MS, () => this.takeTurn());
  }

  private takeTurn(): void {
    const turn = this.turns[this.next] as Set<Beating>;
    this.next = (this.next + 1) % TURNS;
    this.run();
    for (const one of turn) one.beat();
  }
}

const TURN_MS = 500;
const TURNS = HEARTBEAT_MS / TURN_MS;
/** Those who came back together get different turns, from this one on. */
const FIRST_TURN = 15_000 / TURN_MS;
