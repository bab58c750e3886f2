import { newId, type StoragePort } from '@pocketping/core';
import type { Random } from '../../random.js';
import type { Stage } from '../stage.js';
import type { Asking } from './asking.js';
import { chosenWords } from './chosen-words.js';

/** The site's own backend, and notes that the team keeps to itself. */
export class Site {
  readonly #stage: Stage;
  readonly #asking: Asking;
  readonly #random: Random;
  readonly #storage: StoragePort;

  constructor(at: { stage: Stage; asking: Asking; random: Random; storage: StoragePort }) {
    this.#stage = at.stage;
    this.#asking = at.asking;
    this.#random = at.random;
    this.#storage = at.storage;
  }

  async live(actions: number, withinMs: number): Promise<void> {
    for (let action = 0; action < actions; action++) {
      await this.#stage.clock.sleep(this.#random.next() * 2 * (withinMs / actions));
      await this.#act();
    }
  }

  async #act(): Promise<void> {
    const { sessions } = this.#stage.ledger;
    if (sessions.length === 0) return;
    const sessionId = this.#random.pick(sessions);
    const chance = this.#random.next();
    if (chance < 0.5) return this.#say(sessionId);
    if (chance < 0.7) return this.#note(sessionId);
    const door = await this.#asking.door();
    if (chance < 0.85) {
      await this.#asking.once(door, (pp) => pp.closeSession(sessionId));
      return;
    }
    const name = `known as ${this.#random.between(1, 99)}`;
    await this.#asking.once(door, (pp) => pp.identify(sessionId, { id: sessionId, name }));
  }

  /** Once: the site has no way to say it again without saying it twice. */
  async #say(sessionId: string): Promise<void> {
    const { ledger } = this.#stage;
    const { words, refused } = chosenWords(this.#random);
    const utterance = ledger.utter('site', sessionId, words, { refused });
    const content = utterance.texts[0]?.content ?? '';
    const deed = ledger.begin(utterance, 'say');
    const type = this.#random.pick(['operator', 'operator', 'ai', 'system'] as const);
    const door = await this.#asking.door();
    const reply = await this.#asking.once(door, (pp) => pp.sendMessage(sessionId, { content, type }));
    const outcome = reply.is === 'done' || reply.is === 'refused' ? reply.is : 'unknown';
    ledger.end(deed, outcome);
  }

  /** Written past the engine, as another node might: nobody is told, and followers have to notice. */
  async #note(sessionId: string): Promise<void> {
    const { ledger, clock } = this.#stage;
    const tasks = ledger.deliveries.get(sessionId);
    if (!tasks) return;
    const utterance = ledger.utter('note', sessionId, 2);
    const deed = ledger.begin(utterance, 'say');
    const at = clock.now();
    const id = newId('message', at);
    const author = { kind: 'operator', id: 'colleague', name: 'Colleague' } as const;
    const content = utterance.texts[0]?.content ?? '';
    const write = {
      at,
      session: { id: sessionId },
      insert: [{ id, sessionId, author, audience: 'team', content }],
      events: [{ type: 'message', messageId: id, actor: author, audience: 'team' }],
      tasks,
    } as const;
    await this.#storage.commit(write);
    ledger.wrote(write);
    ledger.end(deed, 'done');
  }
}
