import type { Instant, MessageRef, Operator as Person } from '@pocketping/core';
import type { Random } from '../../random.js';
import type { Utterance } from '../ledger.js';
import type { FakeThread, Platform, Post } from '../platform/platform.js';
import type { Update } from '../platform/updates.js';
import { wordsIn } from '../text.js';
import { chosenWords } from './chosen-words.js';

/** What a person of the team typed on a platform. */
export interface Typed {
  readonly id: string;
  readonly utterance: Utterance;
  readonly thread: FakeThread;
  readonly at: Instant;
  /** The post it answers, where there are no threads. */
  readonly answers: Post | undefined;
  readonly undeliverable: boolean;
  /** The platform's versions of it, each with that of the utterance; undefined for one that became a command. */
  readonly versions: (number | undefined)[];
  readonly updates: Update[];
  /** Its deletion, once it was asked for. */
  removal: { readonly update: Update; readonly certain: boolean } | undefined;
}

/** What the site itself has taught the engine. */
export const SITE_COMMAND = 'order';

/** An edit of something nobody knows is taken only while it is this young. */
const YOUNG_MS = 5 * 60_000;
const COMMANDS = [
  ...['close', 'close', 'status', 'help', 'online', 'offline', 'dance'],
  ...['who', 'read', 'note', 'note', 'note', SITE_COMMAND],
];
/** What shows by what it does, where it is about a conversation. */
const SILENT = ['close', 'who', 'note'];

/** A person of the team on one platform. */
export class Operator {
  readonly typed: Typed[] = [];
  /** Commands that have to be answered, by the platform's id. */
  readonly asked: { readonly id: string; readonly thread: FakeThread; readonly update: Update }[] = [];
  /** Private notes, which are stored or answered. */
  readonly notes: { readonly id: string; readonly thread: FakeThread; readonly utterance: Utterance }[] = [];
  readonly #person: Person;
  readonly #platform: Platform;
  readonly #random: Random;

  constructor(name: string, platform: Platform, random: Random) {
    this.#person = { id: name, name: `Op ${name}` };
    this.#platform = platform;
    this.#random = random;
  }

  async live(actions: number, withinMs: number): Promise<void> {
    const { clock } = this.#platform.stage;
    for (let action = 0; action < actions; action++) {
      await clock.sleep(this.#random.next() * 2 * (withinMs / actions));
      this.#act();
    }
  }

  #act(): void {
    const threads = [...this.#platform.threads.values()].filter(
      ({ state, posts }) => state !== 'deleted' && posts.length > 0,
    );
    if (threads.length === 0) return;
    const thread = this.#random.pick(threads);
    const chance = this.#random.next();
    const earlier = this.typed.length > 0 ? this.#random.pick(this.typed) : undefined;
    if (chance < 0.6 || !earlier) this.#type(thread);
    else if (chance < 0.72) this.#edit(earlier);
    else if (chance < 0.8) this.#remove(earlier);
    else if (chance < 0.84) this.#askToRemove(this.#random.pick(thread.posts));
    else if (chance < 0.94) this.#command(thread);
    else this.#showTyping(thread);
  }

  #showTyping(thread: FakeThread): void {
    this.#platform.updates.showTyping({ chatId: this.#platform.chatId, threadId: thread.id }, this.#person);
  }

  #type(thread: FakeThread): void {
    const { stage } = this.#platform;
    const { words, refused } = chosenWords(this.#random);
    const utterance = stage.ledger.utter('operator', thread.sessionId, words, {
      refused,
      platform: this.#platform.name,
    });
    const replies = this.#platform.plan.threadless ? !this.#random.chance(0.05) : this.#random.chance(0.3);
    const answers = replies ? this.#random.pick(thread.posts) : undefined;
    const typed: Typed = {
      id: this.#platform.newId(),
      utterance,
      thread,
      at: stage.clock.now(),
      answers,
      undeliverable: this.#random.chance(0.03),
      versions: [0],
      updates: [],
      removal: undefined,
    };
    this.typed.push(typed);
    this.#platform.updates.typed(typed.id);
    stage.trace.add(() => `${this.#person.id} types m${utterance.number} as ${typed.id} in ${thread.id}`);
    this.#tell(typed, 'message');
    // Quick corrections meet their originals under way.
    if (this.#random.chance(0.15)) this.#edit(typed);
    if (this.#random.chance(0.05)) this.#remove(typed);
  }

  #edit(typed: Typed): void {
    const { stage } = this.#platform;
    if (!this.#platform.updates.stands(typed.id)) return;
    const old = stage.clock.now() - typed.at > YOUNG_MS;
    if (old && !typed.updates.every(({ confirmed }) => confirmed)) return;
    if (this.#random.chance(0.06)) {
      typed.versions.push(undefined);
    } else {
      const { words, refused } = chosenWords(this.#random);
      stage.ledger.revise(typed.utterance, words, refused);
      typed.versions.push(typed.utterance.texts.length - 1);
    }
    this.#tell(typed, 'edit');
  }

  #tell(typed: Typed, kind: 'message' | 'edit'): void {
    const { stage, updates, plan } = this.#platform;
    const text = typed.versions.at(-1);
    const { answers } = typed;
    const content = text === undefined ? '/close' : (typed.utterance.texts[text]?.content ?? '');
    const base = {
      operator: this.#person,
      at: stage.clock.now(),
      ref: this.#ref(typed.id, typed.thread),
      content,
      version: typed.versions.length,
      ...(answers && { replyTo: this.#ref(answers.id, answers.thread) }),
      ...(typed.undeliverable && { undeliverable: 'Photos' }),
    };
    const isCommand = text === undefined;
    stage.trace.add(
      () => `${plan.name} has ${kind} ${typed.id} version ${base.version}: ${content.slice(0, 40)}`,
    );
    typed.updates.push(
      updates.add(
        kind === 'message'
          ? { ...base, kind }
          : { ...base, kind, sentAt: typed.at, ...(isCommand && { command: { name: 'close', args: '' } }) },
      ),
    );
  }

  #remove(typed: Typed): void {
    const { plan, updates } = this.#platform;
    if (typed.removal || !updates.stands(typed.id)) return;
    const ref = this.#ref(typed.id, typed.thread);
    if (plan.reportsDeletions) {
      updates.taken(typed.id);
      typed.removal = { update: this.#tellDeletion(ref), certain: true };
      return;
    }
    // Whoever asks for something that is not known yet is told so.
    const certain = typed.updates.every(({ confirmed }) => confirmed);
    typed.removal = { update: this.#ask(ref, typed.thread), certain };
  }

  /** Replies with a deletion to what the bot posted. */
  #askToRemove(post: Post): void {
    const { ledger } = this.#platform.stage;
    for (const { utterance: number } of wordsIn(post.text)) {
      const utterance = ledger.utterances.get(number);
      if (utterance && utterance.by !== 'visitor') ledger.begin(utterance, 'delete');
    }
    this.#ask(this.#ref(post.id, post.thread), post.thread);
  }

  #ask(ref: MessageRef, thread: FakeThread): Update {
    const id = this.#platform.newId();
    this.#platform.updates.typed(id);
    const update = this.#tellDeletion(ref, this.#ref(id, thread));
    this.asked.push({ id, thread, update });
    return update;
  }

  #tellDeletion(ref: MessageRef, asked?: MessageRef): Update {
    const at = this.#platform.stage.clock.now();
    this.#platform.stage.trace.add(() => `${this.#person.id} deletes ${ref.platformId}`);
    return this.#platform.updates.add({
      kind: 'delete',
      operator: this.#person,
      at,
      ref,
      ...(asked && { asked }),
    });
  }

  #command(thread: FakeThread): void {
    const { stage, updates, plan } = this.#platform;
    const id = this.#platform.newId();
    const name = this.#random.pick(COMMANDS);
    const secret =
      name === 'note'
        ? stage.ledger.utter('note', thread.sessionId, 2, { platform: this.#platform.name })
        : stage.ledger.utter('command', thread.sessionId, 1);
    updates.typed(id);
    stage.trace.add(() => `${this.#person.id} gives /${name} as ${id} in ${thread.id}`);
    const answered = plan.threadless && thread.posts.length > 0 ? this.#random.pick(thread.posts) : undefined;
    const update = updates.add({
      kind: 'command',
      operator: this.#person,
      at: stage.clock.now(),
      ref: this.#ref(id, thread),
      name,
      args: secret.texts[0]?.content ?? '',
      ...(answered && { replyTo: this.#ref(answered.id, thread) }),
    });
    const about = !plan.threadless || (answered !== undefined && name !== 'close');
    if (name === 'note') {
      stage.ledger.begin(secret, 'say');
      this.notes.push({ id, thread, utterance: secret });
    } else if (!SILENT.includes(name) || !about) this.asked.push({ id, thread, update });
  }

  #ref(platformId: string, thread: FakeThread): MessageRef {
    const { chatId, plan } = this.#platform;
    return { chatId, platformId, ...(!plan.threadless && { threadId: thread.id }) };
  }
}
