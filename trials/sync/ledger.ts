import type { App } from './apps/app.js';
import type { Command, Saying } from './plan.js';

/** Something that was said, and how it was left. */
export interface Said {
  readonly saying: Saying;
  readonly sessionId: string;
  /** Where the team said it. */
  readonly typed?: { readonly app: App; readonly thread: string; readonly id: string };
  /** What the server called the visitor's. */
  messageId?: string;
  readonly at: number;
  /** The version that was chosen last. */
  version: number;
  /** Unix milliseconds of when it was taken back. */
  removedAt?: number;
  /** The utterance that it natively answers, and the post that shows it. */
  readonly answered?: { readonly number: number; readonly post?: string };
}

/** A command that was given. */
export interface Given {
  readonly command: Command;
  readonly sessionId: string;
  readonly app: App;
  readonly thread: string;
  readonly id: string;
}

/** What everybody did: what everything shown is held against. */
export class Ledger {
  /** By number. */
  readonly said = new Map<number, Said>();
  readonly given: Given[] = [];
  /** Threads that were lost, by app and id. */
  readonly lost: { readonly app: App; readonly thread: string; readonly sessionId: string }[] = [];

  say(said: Said): Said {
    this.said.set(said.saying.number, said);
    return said;
  }

  lose(app: App, thread: string, sessionId: string): void {
    this.lost.push({ app, thread, sessionId });
    if (!app.losesWords) return;
    for (const said of this.said.values()) {
      if (said.typed?.app === app && said.typed.thread === thread) said.removedAt ??= Date.now();
    }
  }
}
