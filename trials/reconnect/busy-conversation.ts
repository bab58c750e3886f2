import type { MessageRef } from '@pocketping/core';
import type { Client } from '../../packages/widget/src/client/client.js';
import type { Random } from '../random.js';
import type { House } from './house.js';

/** Done between two looks at the log. */
const ACTS = 8;

/** Two sides that write, change and delete, close and reopen, come and go: whatever can stand in a log. */
export class BusyConversation {
  readonly #house: House;
  readonly #random: Random;
  readonly #visitor: Client;
  readonly #said: { readonly ref: MessageRef; version: number }[] = [];
  #number = 0;

  constructor(house: House, visitor: Client, random: Random) {
    this.#house = house;
    this.#visitor = visitor;
    this.#random = random;
  }

  get sessionId(): string {
    return this.#visitor.state().sessionId ?? '';
  }

  /** Goes on until the log has reached this far. */
  async until(seq: number): Promise<void> {
    while ((await this.#house.head(this.sessionId)) < seq) {
      for (let act = 0; act < ACTS; act++) await this.#act();
    }
  }

  async #act(): Promise<void> {
    const { team, pp } = this.#house;
    const words = `line ${++this.#number}`;
    const draw = this.#random.next();
    if (draw < 0.4) this.#said.push({ ref: await team.say(this.sessionId, words), version: 1 });
    else if (draw < 0.6) await this.#visitor.sendMessage(words);
    else if (draw < 0.75) await this.#teamEdits(words);
    else if (draw < 0.8) await this.#teamDeletes();
    else if (draw < 0.88) await this.#visitorChanges((id) => this.#visitor.editMessage(id, words));
    else if (draw < 0.92) await this.#visitorChanges((id) => this.#visitor.deleteMessage(id));
    else if (draw < 0.96) await pp.sendMessage(this.sessionId, { content: words, type: 'system' });
    else if (draw < 0.98) await team.command(this.sessionId, this.#random.pick(['online', 'offline']));
    else await pp.closeSession(this.sessionId);
  }

  async #teamEdits(words: string): Promise<void> {
    if (this.#said.length === 0) return;
    const line = this.#random.pick(this.#said);
    line.version++;
    await this.#house.team.edit(line.ref, words, line.version);
  }

  async #teamDeletes(): Promise<void> {
    if (this.#said.length === 0) return;
    const [line] = this.#said.splice(this.#random.between(0, this.#said.length - 1), 1);
    if (line) await this.#house.team.remove(line.ref);
  }

  async #visitorChanges(change: (messageId: string) => Promise<void>): Promise<void> {
    const own = this.#visitor
      .state()
      .messages.filter(({ sender, deletedAt }) => sender === 'visitor' && deletedAt === undefined);
    if (own.length > 0) await change(this.#random.pick(own).id);
  }
}
