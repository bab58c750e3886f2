import type { MessageId, Seq } from '@pocketping/protocol';
import type { Message } from '../model/index.js';
import type { SessionRow } from './memory-rows.js';

/** What a commit with a `dedupe` left, to answer its repetition. */
export interface DedupeRow {
  readonly digest: string;
  readonly session: SessionRow | undefined;
  /** The seq before its first event, and that of its last. */
  readonly before: Seq;
  readonly last: Seq;
  readonly updated: readonly MessageId[];
}

/** A commit of one message and nothing else, which has no digest, is told by that message. */
type Left = DedupeRow | Message;

interface One {
  readonly key: string;
  readonly left: Left;
}

/**
 * What commits left, by scope and key. Most scopes are sessions in which little was said, and a map for one entry is four times as large as the
 * entry: what there is in great numbers is kept in few objects, because the garbage collector walks all of them.
 */
export class MemoryDedupes {
  readonly #scopes = new Map<string, One | Map<string, Left>>();

  get(scope: string, key: string): Left | undefined {
    const found = this.#scopes.get(scope);
    if (found instanceof Map) return found.get(key);
    return found?.key === key ? found.left : undefined;
  }

  /** Adds what there is nothing of yet. */
  add(scope: string, key: string, left: Left): void {
    const found = this.#scopes.get(scope);
    if (found instanceof Map) found.set(key, left);
    else if (!found) this.#scopes.set(scope, { key, left });
    else {
      this.#scopes.set(
        scope,
        new Map([
          [found.key, found.left],
          [key, left],
        ]),
      );
    }
  }
}
