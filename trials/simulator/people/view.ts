import type { Connected, LogEntry, Message } from '@pocketping/core';
import type { MessageId, Seq } from '@pocketping/protocol';
import type { Stage } from '../stage.js';

interface Shown {
  readonly seq: Seq;
  readonly version: number;
  readonly content: string;
}

/** What one tab shows, made of nothing but what it was told. */
export class View {
  readonly #stage: Stage;
  readonly #owner: string;
  #messages = new Map<MessageId, Shown>();
  readonly #deleted = new Set<MessageId>();
  /** The newest entry it was told of. */
  seq = 0;
  /** How far the team's apps hold the visitor's messages, as far as it was told. */
  deliveredUpTo = 0;
  ended = false;

  constructor(stage: Stage, owner: string) {
    this.#stage = stage;
    this.#owner = owner;
  }

  /** Loads anew. */
  load({ messages, seq, session }: Pick<Connected, 'messages' | 'seq' | 'session'>): void {
    this.#messages = new Map();
    this.#deleted.clear();
    this.seq = seq;
    this.ended = session.status === 'ended';
    this.deliveredUpTo = session.operatorDeliveredSeq;
    this.add(messages);
  }

  /** Messages of a page, which may have been read before what was told meanwhile. */
  add(messages: readonly Message[]): void {
    for (const message of messages) {
      const known = this.#messages.get(message.id);
      if (!this.#deleted.has(message.id) && (known?.version ?? 0) <= message.version) this.#show(message);
    }
  }

  /** What the log says, in order. */
  take({ event, message }: LogEntry): void {
    if (event.audience !== 'all')
      this.#stage.fail(`${this.#owner} was told of ${event.type}, which is for the team`);
    if (event.seq <= this.seq) {
      this.#stage.fail(`${this.#owner} was told of ${event.seq} after ${this.seq}`);
    }
    this.seq = event.seq;
    if (event.type === 'session_ended') this.ended = true;
    if (event.type === 'read' && event.data.by === 'operator') {
      this.deliveredUpTo = Math.max(this.deliveredUpTo, event.data.upTo);
    }
    if ('messageId' in event) {
      if (!message) this.#stage.fail(`${this.#owner} was told of ${event.type} without its message`);
      else this.#show(message);
    }
  }

  /** The messages of others, for receipts. */
  ids(): MessageId[] {
    return [...this.#messages.keys()];
  }

  /** What it shows, in order. */
  lines(): string[] {
    const list = [...this.#messages].sort(([, a], [, b]) => a.seq - b.seq);
    return list.map(([id, { content }]) => `${id.slice(-6)} ${content}`);
  }

  #show(message: Message): void {
    const { id, seq, version, content, audience, deletedAt } = message;
    if (audience !== 'all') this.#stage.fail(`${this.#owner} was shown ${id}, which is for the team`);
    const known = this.#messages.get(id);
    if (known && known.version > version) {
      this.#stage.fail(`${this.#owner} was shown version ${version} of ${id} after ${known.version}`);
    }
    if (deletedAt !== undefined) {
      this.#messages.delete(id);
      this.#deleted.add(id);
    } else if (this.#deleted.has(id)) {
      this.#stage.fail(`${this.#owner} was shown ${id} again, which is deleted`);
    } else this.#messages.set(id, { seq, version, content });
  }
}

/** The lines of a view of messages as they are stored. */
export const linesOf = (messages: readonly Message[]): string[] =>
  messages
    .filter(({ audience, deletedAt }) => audience === 'all' && deletedAt === undefined)
    .map(({ id, content }) => `${id.slice(-6)} ${content}`);
