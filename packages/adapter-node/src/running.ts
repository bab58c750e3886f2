import type { ServerResponse } from 'node:http';

/** A request that is being answered. */
export interface Answering {
  readonly res: ServerResponse;
  /** Where it stands in the list. */
  place: number;
}

/**
 * The requests that are being answered, in no order. A `Set` that thousands enter and leave in a second would be built
 * anew all the time; here the last one takes the place of whoever leaves.
 */
export class Running {
  readonly #list: Answering[] = [];

  get size(): number {
    return this.#list.length;
  }

  add(res: ServerResponse): Answering {
    const answering = { res, place: this.#list.length };
    this.#list.push(answering);
    return answering;
  }

  /** Once for each that was added. */
  remove(answering: Answering): void {
    const last = this.#list.pop();
    if (!last || last === answering) return;
    this.#list[answering.place] = last;
    last.place = answering.place;
  }

  /** Everything that is still open. */
  responses(): ServerResponse[] {
    return this.#list.map(({ res }) => res);
  }
}
