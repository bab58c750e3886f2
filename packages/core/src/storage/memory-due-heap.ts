import type { Instant } from '../model/index.js';

/** What a heap orders: by `at`, and at the same instant by `order`. In one heap at a time. */
export interface Due {
  at: Instant;
  readonly order: number;
  /** Its place in the heap; the heap's own. */
  place: number;
}

/** A binary heap whose elements know their places, so that any of them can be removed in O(log n). */
export class DueHeap<T extends Due> {
  readonly #heap: T[] = [];

  first(): T | undefined {
    return this.#heap[0];
  }

  add(element: T): void {
    this.#heap.push(element);
    this.#rise(element, this.#heap.length - 1);
  }

  remove(element: T): void {
    const last = this.#heap.pop() as T;
    if (last === element) return;
    const { place } = element;
    const parent = this.#heap[(place - 1) >> 1];
    if (place > 0 && parent && isBefore(last, parent)) this.#rise(last, place);
    else this.#sink(last, place);
  }

  #rise(element: T, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above] as T;
      if (!isBefore(element, parent)) break;
      this.#set(place, parent);
      place = above;
    }
    this.#set(place, element);
  }

  #sink(element: T, from: number): void {
    const { length } = this.#heap;
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= length) break;
      const right = below + 1;
      if (right < length && isBefore(this.#heap[right] as T, this.#heap[below] as T)) below = right;
      const child = this.#heap[below] as T;
      if (!isBefore(child, element)) break;
      this.#set(place, child);
      place = below;
    }
    this.#set(place, element);
  }

  #set(place: number, element: T): void {
    this.#heap[place] = element;
    element.place = place;
  }
}

export const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
