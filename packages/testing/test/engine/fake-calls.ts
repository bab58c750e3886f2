import type { BridgeError } from '@pocketping/core';

export type Fault = BridgeError | Error | 'hang';

/** The calls that a platform gets, by kind, with a line of faults for each. */
export class FakeCalls {
  /** The kinds, in the order in which they came. */
  readonly log: string[] = [];
  readonly #faults = new Map<string, { fault: Fault; after: boolean }[]>();

  /** The next calls of this kind fail, one for each fault; `after` they took effect, if that is said. */
  strike(kind: string, faults: readonly Fault[], { after }: { readonly after: boolean }): void {
    const waiting = this.#faults.get(kind) ?? [];
    this.#faults.set(kind, [...waiting, ...faults.map((fault) => ({ fault, after }))]);
  }

  async take<T>(kind: string, run: () => T): Promise<T> {
    this.log.push(kind);
    const next = this.#faults.get(kind)?.shift();
    if (!next) return run();
    if (next.after) run();
    if (next.fault === 'hang') return new Promise(() => {});
    throw next.fault;
  }
}
