import { BridgeError, type MessageRef, type Operator, type ThreadRef } from '@pocketping/core';
import type { PlatformFault, SeenMessage } from '../../src/bridge-contract.js';

export interface Sheet {
  readonly ref: MessageRef;
  readonly at: number;
  readonly ours: boolean;
  text: string;
  version: number;
  replyTo?: string;
  receipt?: 'delivered' | 'read';
}

/** A platform on paper: threads, messages, a person, and accidents, all in memory. */
export class PaperPlatform {
  readonly operator: Operator = { id: 'u1', name: 'Ada' };
  readonly sheets: Sheet[] = [];
  readonly open: ThreadRef[] = [];
  readonly typing = new Set<string>();
  readonly closed = new Set<string>();
  readonly titles = new Map<string, string>();
  /** Hears what people do; resolves when it was taken. */
  listener: ((sheet: Sheet, edited: boolean) => Promise<void>) | undefined;
  unheard = 0;
  #fault: PlatformFault | undefined;
  #next = 1;
  #line: Promise<void> = Promise.resolve();
  readonly #told: { readonly sheet: Sheet; readonly edited: boolean }[] = [];
  #times = 1;
  #held: { readonly sheet: Sheet; readonly edited: boolean }[] | undefined;
  #holding = 0;

  /** One call of a bot. */
  async call<T>(signal: AbortSignal, effect: () => T): Promise<T> {
    if (signal.aborted) throw new BridgeError('unavailable', 'the call was over before it began');
    const fault = this.#fault;
    this.#fault = undefined;
    if (!fault) return effect();
    if (fault.kind === 'uncertain') effect();
    if (fault.kind === 'silent') {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    }
    if (fault.kind === 'silent' || fault.kind === 'uncertain') {
      throw new BridgeError('uncertain', 'no answer came to the call');
    }
    const more = fault.kind === 'rate_limited' ? { retryAfterMs: fault.retryAfterMs } : {};
    throw new BridgeError(fault.kind, `the platform says ${fault.kind}`, more);
  }

  fail(fault: PlatformFault): void {
    this.#fault = fault;
  }

  add(thread: ThreadRef, sheet: Pick<Sheet, 'text' | 'ours' | 'replyTo'>): Sheet {
    if (!this.open.some(({ threadId }) => threadId === thread.threadId)) {
      throw new BridgeError('thread_gone', `there is no thread ${thread.threadId}`);
    }
    const added = {
      ref: { ...thread, platformId: String(this.#next++) },
      at: Date.now(),
      version: 1,
      ...sheet,
    };
    this.sheets.push(added);
    return added;
  }

  /** @throws BridgeError `message_gone` */
  sheet({ platformId }: MessageRef): Sheet {
    const found = this.sheets.find(({ ref }) => ref.platformId === platformId);
    if (!found) throw new BridgeError('message_gone', `there is no message ${platformId}`);
    return found;
  }

  remove(ref: MessageRef): void {
    this.sheets.splice(this.sheets.indexOf(this.sheet(ref)), 1);
  }

  seen(thread: ThreadRef): SeenMessage[] {
    return this.sheets
      .filter(({ ref }) => ref.threadId === thread.threadId)
      .map(({ ref, text, ours, replyTo, receipt }) => ({
        ref,
        text,
        ours,
        ...(replyTo !== undefined && { replyTo }),
        ...(receipt && { receipt }),
      }));
  }

  /** Tells the bridge what a person did, in order unless told otherwise, until it was taken; one that is away has to ask. */
  tell(sheet: Sheet, edited: boolean): void {
    const one = { sheet: { ...sheet }, edited };
    this.#told.push(one);
    this.#held?.push(one);
    if (this.#held && this.#held.length < this.#holding) return;
    const due = this.#held?.toReversed() ?? [one];
    this.#held = undefined;
    for (const each of due) this.#tell(each);
  }

  /** What happens next is told so many times. */
  deliverTimes(times: number): void {
    this.#times = times;
  }

  /** Tells everything once more. */
  replay(): void {
    for (const one of this.#told) this.#tell(one);
  }

  /** The next so many are told the last one first. */
  reverse(count: number): void {
    this.#held = [];
    this.#holding = count;
  }

  #tell(one: { readonly sheet: Sheet; readonly edited: boolean }): void {
    const times = this.#times;
    this.#times = 1;
    for (let copy = 0; copy < times; copy++) this.#tellOnce(one);
  }

  #tellOnce({ sheet: said, edited }: { readonly sheet: Sheet; readonly edited: boolean }): void {
    if (!this.listener) return;
    this.unheard++;
    this.#line = this.#line.then(async () => {
      for (let taken = false; !taken && this.listener; ) {
        taken = await this.listener(said, edited).then(
          () => true,
          () => false,
        );
        if (!taken) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      this.unheard--;
    });
  }
}
