import { BridgeError, type MessageRef, type Part, type SessionCard } from '@pocketping/core';
import type { SessionId } from '@pocketping/protocol';
import type { Random } from '../../random.js';
import type { PlatformPlan } from '../plan.js';
import type { Stage } from '../stage.js';
import { isRefused, recappedIn, wordsIn } from '../text.js';
import { type Effect, Gate } from './gate.js';
import { titleOf } from './render.js';
import { Updates } from './updates.js';

/** Where a session lives on a platform. */
export interface FakeThread {
  readonly id: string;
  readonly sessionId: SessionId;
  readonly opened: Effect;
  title: string;
  closed: boolean;
  /** `unreachable`: people still type in it, and bots cannot post. */
  state: 'open' | 'deleted' | 'unreachable';
  /** What stands in it, of the bot. */
  posts: Post[];
  /** The utterances of which it ever showed something. */
  readonly shown: Set<number>;
  /** The utterances of which somebody took a post away. */
  readonly damaged: Set<number>;
}

export interface Post {
  readonly id: string;
  readonly thread: FakeThread;
  readonly nonce: string;
  readonly effect: Effect;
  text: string;
  /** The utterances of which it ever showed something. */
  readonly shown: Set<number>;
}

/** Answers to what an operator wrote. */
export interface Answers {
  times: number;
  /** The platform gave reason to think that it cannot be answered, or was. */
  excused: boolean;
}

/** What a call is for, as far as the engine gives it up some day. */
export type Purpose = `${'post' | 'edit'} m${number}` | `thread ${string}`;

/** How far a message has come, as its platform shows it. */
export interface Receipt {
  readonly state: 'delivered' | 'read';
  /** What its post showed when that was said. */
  readonly shows: ReadonlySet<number>;
}

/** A messaging platform: what stands on it, whoever runs the bridge. */
export class Platform {
  readonly plan: PlatformPlan;
  readonly chatId: string;
  readonly stage: Stage;
  readonly gate: Gate;
  readonly updates: Updates;
  readonly threads = new Map<string, FakeThread>();
  readonly posts = new Map<string, Post>();
  readonly answers = new Map<string, Answers>();
  /** What stands beside messages of how far they have come. */
  readonly receipts = new Map<string, Receipt>();
  /** Every post ever made, those that are gone too. */
  readonly made: Post[] = [];
  /** How many calls, carried out or not, were never answered; by what they were to do. */
  readonly unanswered = new Map<Purpose, number>();
  #ids = 0;

  constructor(plan: PlatformPlan, stage: Stage, random: Random) {
    this.plan = plan;
    this.chatId = `${plan.name}-room`;
    this.stage = stage;
    this.gate = new Gate(plan, stage, random.fork());
    this.updates = new Updates(plan, stage, random.fork());
    this.updates.deafUntil = () => Math.max(this.gate.downUntil, this.gate.lockedOutUntil);
  }

  get name(): string {
    return this.plan.name;
  }

  newId(): string {
    return `${this.name.at(-1)}${++this.#ids}`;
  }

  open(card: SessionCard, opened: Effect): FakeThread {
    const thread: FakeThread = {
      id: `t${this.newId()}`,
      sessionId: card.sessionId,
      opened,
      title: titleOf(card),
      closed: false,
      state: 'open',
      posts: [],
      shown: new Set(),
      damaged: new Set(),
    };
    this.threads.set(thread.id, thread);
    return thread;
  }

  post(
    threadId: string,
    part: Part,
    plain: boolean,
    replyTo: MessageRef | undefined,
    nonce: string,
    effect: Effect,
  ): Post {
    const thread = this.#reachable(threadId);
    const text = this.#accepted(part, plain);
    if (replyTo && this.plan.strictReplies && !this.posts.has(replyTo.platformId)) {
      if (!this.updates.stands(replyTo.platformId)) throw gone('message_gone', replyTo.platformId);
    }
    const post: Post = { id: this.newId(), thread, nonce, effect, text, shown: new Set() };
    this.stage.trace.add(() => `${this.name} shows ${post.id} in ${thread.id}: ${text}`);
    thread.posts.push(post);
    this.posts.set(post.id, post);
    this.made.push(post);
    this.#noteWords(post);
    return post;
  }

  /** Counts a call among those that are not answered, until it is. */
  async answered<T>(purposes: readonly Purpose[], call: () => Promise<T>): Promise<T> {
    const count = (change: 1 | -1) => {
      for (const purpose of purposes)
        this.unanswered.set(purpose, (this.unanswered.get(purpose) ?? 0) + change);
    };
    count(1);
    try {
      const answer = await call();
      count(-1);
      return answer;
    } catch (error) {
      if (BridgeError.isInstance(error) && error.code !== 'uncertain') count(-1);
      throw error;
    }
  }

  edit({ platformId }: MessageRef, part: Part, plain: boolean): void {
    const post = this.#standing(platformId);
    post.text = this.#accepted(part, plain);
    this.stage.trace.add(() => `${this.name} changes ${post.id}: ${post.text}`);
    this.#noteWords(post);
  }

  remove({ platformId }: MessageRef): void {
    const post = this.#standing(platformId);
    this.stage.trace.add(() => `${this.name} takes ${post.id} away`);
    this.#take(post);
  }

  change(threadId: string, change: { closed?: boolean; title?: string }): void {
    Object.assign(this.#reachable(threadId), change);
  }

  answer(to: MessageRef): void {
    if (to.threadId !== undefined) this.#reachable(to.threadId);
    if (this.plan.strictReplies && !this.updates.stands(to.platformId))
      throw gone('message_gone', to.platformId);
    this.answersTo(to.platformId).times++;
  }

  mark({ platformId }: MessageRef, state: 'delivered' | 'read'): void {
    if (!this.posts.has(platformId) && !this.updates.stands(platformId))
      throw gone('message_gone', platformId);
    this.stage.trace.add(() => `${this.name} shows that ${platformId} is ${state}`);
    const shows = wordsIn(this.posts.get(platformId)?.text ?? '').map(({ utterance }) => utterance);
    this.receipts.set(platformId, { state, shows: new Set(shows) });
  }

  answersTo(platformId: string): Answers {
    let answers = this.answers.get(platformId);
    if (!answers) {
      answers = { times: 0, excused: false };
      this.answers.set(platformId, answers);
    }
    return answers;
  }

  /** Somebody deletes a whole thread. */
  deleteThread(thread: FakeThread): void {
    this.stage.trace.add(() => `${this.name}: somebody deletes ${thread.id}`);
    thread.state = 'deleted';
    for (const post of thread.posts) this.posts.delete(post.id);
    thread.posts = [];
  }

  /** Somebody takes away what the bot posted. */
  vandalise(post: Post): void {
    this.stage.trace.add(() => `${this.name}: somebody takes ${post.id} away`);
    for (const { utterance } of [...wordsIn(post.text), ...recappedIn(post.text)]) {
      post.thread.damaged.add(utterance);
    }
    this.#take(post);
  }

  #take(post: Post): void {
    this.posts.delete(post.id);
    post.thread.posts = post.thread.posts.filter((other) => other !== post);
  }

  #noteWords({ text, thread, shown }: Post): void {
    for (const { utterance } of wordsIn(text)) {
      thread.shown.add(utterance);
      shown.add(utterance);
    }
  }

  #reachable(threadId: string): FakeThread {
    const thread = this.threads.get(threadId);
    if (thread?.state !== 'open') throw gone('thread_gone', threadId);
    return thread;
  }

  #standing(platformId: string): Post {
    const post = this.posts.get(platformId);
    if (!post) throw gone('message_gone', platformId);
    this.#reachable(post.thread.id);
    return post;
  }

  #accepted(part: Part, plain: boolean): string {
    const text = plain ? part.plain : part.markup;
    if (isRefused(text, plain)) throw new BridgeError('invalid', 'it does not take this text');
    return text;
  }
}

const gone = (code: 'thread_gone' | 'message_gone', id: string) => new BridgeError(code, `there is no ${id}`);
