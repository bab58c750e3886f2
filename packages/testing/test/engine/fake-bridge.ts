import {
  type Bridge,
  BridgeError,
  type BridgeHost,
  type Inbound,
  type MessageRef,
  type Note,
  type Pacing,
  type Part,
  type PostCall,
  patiently,
  type SessionCard,
  type ThreadRef,
} from '@pocketping/core';

export interface Post {
  readonly id: string;
  readonly threadId: string;
  text: string;
  plain: boolean;
  readonly nonce: string;
  readonly replyTo?: string;
}

type Fault = BridgeError | Error | 'hang';

/** A platform in memory, with a line of faults for each kind of call. A fault `after` the effect leaves it in place. */
export class FakeBridge implements Bridge {
  readonly name: string;
  readonly commandPrefix = '/';
  readonly gestures = [{ name: 'delete', summary: 'Reply with it to your message' }];
  readonly pacing: Pacing;
  readonly editing?: NonNullable<Bridge['editing']>;
  readonly closing: NonNullable<Bridge['closing']>;
  readonly titles: NonNullable<Bridge['titles']>;
  readonly threadless?: true;
  connection?: string;
  siblings?: readonly Bridge[];
  webhook?: NonNullable<Bridge['webhook']>;
  readonly typing: NonNullable<Bridge['typing']>;
  reconcile?: NonNullable<Bridge['reconcile']>;
  access?: NonNullable<Bridge['access']>;
  readonly receipts?: NonNullable<Bridge['receipts']>;
  readonly catchUp?: NonNullable<Bridge['catchUp']>;

  host: BridgeHost | undefined;
  readonly threads: { id: string; title: string; closed: boolean; deleted: boolean }[] = [];
  readonly posts: Post[] = [];
  readonly answers: { to: MessageRef; text: string }[] = [];
  readonly typed: string[] = [];
  /** What each platform message shows of how far it has come, in the order in which it was marked. */
  readonly marks: { id: string; state: 'delivered' | 'read' }[] = [];
  /** What the team said, heard or not. */
  readonly said: Inbound[] = [];
  /** From when on the bridge was asked for what it missed. */
  readonly asked: number[] = [];
  /** For so long the platform tells nothing of what was missed, time and again; the bridge waits. */
  readonly busyMs: number[] = [];
  /** The bridge hears nothing of what is said. */
  deaf = false;
  readonly log: string[] = [];
  readonly #faults = new Map<string, { fault: Fault; after: boolean }[]>();
  readonly #length: number;
  starts = 0;
  #next = 1;

  constructor(
    name = 'fake',
    options: {
      pacing?: Pacing;
      editing?: boolean;
      length?: number;
      threadless?: true;
      receipts?: true;
      catchUp?: true;
    } = {},
  ) {
    this.name = name;
    this.#length = options.length ?? 100;
    if (options.threadless) this.threadless = true;
    this.pacing = options.pacing ?? {};
    if (options.editing !== false) {
      this.editing = {
        edit: (posted, part, { plain }) =>
          this.#effect('edit', () => {
            const post = this.#post(posted);
            post.text = plain ? part.plain : part.markup;
          }),
        remove: (posted) =>
          this.#effect('remove', () => {
            this.posts.splice(this.posts.indexOf(this.#post(posted)), 1);
          }),
      };
    }
    this.closing = {
      close: (thread) => this.#effect('close', () => this.#change(thread, { closed: true })),
      reopen: (thread) => this.#effect('reopen', () => this.#change(thread, { closed: false })),
    };
    this.titles = {
      rename: (thread, card) => this.#effect('rename', () => this.#change(thread, { title: title(card) })),
    };
    if (options.receipts) {
      this.receipts = {
        mark: ({ platformId: id }, state) => this.#effect('mark', () => void this.marks.push({ id, state })),
      };
    }
    if (options.catchUp) this.catchUp = { since: (after, { signal }) => this.#since(after, signal) };
    this.typing = { show: (thread) => this.#effect('typing', () => void this.typed.push(thread.threadId)) };
  }

  async start(host: BridgeHost): Promise<void> {
    this.starts++;
    await this.#effect('start', () => {
      this.host = host;
    });
  }

  async stop(): Promise<void> {
    this.host = undefined;
  }

  open(card: SessionCard): Promise<ThreadRef> {
    return this.#effect('open', () => {
      const id = `t${this.threads.length + 1}`;
      this.threads.push({ id, title: title(card), closed: false, deleted: false });
      return { chatId: 'chat', threadId: id };
    });
  }

  render(note: Note): Part[] {
    const text = describe(note);
    const parts: Part[] = [];
    for (let i = 0; i < text.length; i += this.#length) {
      const plain = text.slice(i, i + this.#length);
      parts.push({ plain, markup: `<${plain}>` });
    }
    return parts;
  }

  post(thread: ThreadRef, part: Part, { nonce, plain, replyTo }: PostCall): Promise<MessageRef> {
    return this.#effect('post', () => {
      this.#thread(thread);
      const id = `p${this.#next++}`;
      const text = plain ? part.plain : part.markup;
      this.posts.push({
        id,
        threadId: thread.threadId,
        text,
        plain,
        nonce,
        ...(replyTo && { replyTo: replyTo.platformId }),
      });
      return { chatId: 'chat', threadId: thread.threadId, platformId: id };
    });
  }

  /** From now on the platform can tell what became of a post. */
  findsPosts(): void {
    this.reconcile = {
      posted: (_thread, nonce) =>
        this.#effect('posted', () => {
          const post = this.posts.find((one) => one.nonce === nonce);
          return post ? { chatId: 'chat', threadId: post.threadId, platformId: post.id } : null;
        }),
    };
  }

  answer(to: MessageRef, text: string): Promise<void> {
    return this.#effect('answer', () => void this.answers.push({ to, text }));
  }

  /** The next calls of this kind fail, one for each fault. */
  fail(kind: string, ...faults: Fault[]): void {
    this.#faults.set(kind, [
      ...(this.#faults.get(kind) ?? []),
      ...faults.map((fault) => ({ fault, after: false })),
    ]);
  }

  /** The next calls of this kind take effect and fail all the same. */
  failAfter(kind: string, ...faults: Fault[]): void {
    this.#faults.set(kind, [
      ...(this.#faults.get(kind) ?? []),
      ...faults.map((fault) => ({ fault, after: true })),
    ]);
  }

  /** What a thread shows, without markup. */
  shown(threadId = this.threads.at(-1)?.id): string[] {
    return this.posts
      .filter((post) => post.threadId === threadId)
      .map(({ text }) => text.replace(/^<([\s\S]*)>$/, '$1'));
  }

  /** Somebody of the team types in a thread. */
  async type(
    content: string,
    options: {
      thread?: string | null;
      id?: string;
      version?: number;
      replyTo?: string;
      name?: string;
      at?: number;
    } = {},
  ): Promise<string> {
    const id = options.id ?? `in${this.#next++}`;
    const threadId = options.thread === null ? undefined : (options.thread ?? this.threads.at(-1)?.id ?? '');
    const place = { chatId: 'chat', ...(threadId !== undefined && { threadId }) };
    await this.#say({
      kind: 'message',
      operator: { id: options.name ?? 'ada', name: options.name ?? 'Ada' },
      ref: { ...place, platformId: id },
      at: options.at ?? this.live.clock.now(),
      content,
      version: options.version ?? 1,
      ...(options.replyTo && { replyTo: { ...place, platformId: options.replyTo } }),
    });
    return id;
  }

  /** Somebody of the team gives a command in a thread, or outside of any with `thread: null`. */
  async command(
    name: string,
    options: {
      thread?: string | null;
      id?: string;
      replyTo?: string;
      args?: string;
      by?: string;
      with?: string;
    } = {},
  ): Promise<void> {
    const threadId = options.thread === null ? undefined : (options.thread ?? this.threads.at(-1)?.id);
    await this.live.receive({
      kind: 'command',
      operator: { id: (options.by ?? 'Ada').toLowerCase(), name: options.by ?? 'Ada' },
      ref: { chatId: 'chat', platformId: options.id ?? `in${this.#next++}`, ...(threadId && { threadId }) },
      at: this.live.clock.now(),
      name,
      args: options.args ?? '',
      ...(options.with && { undeliverable: options.with }),
      ...(options.replyTo && { replyTo: { chatId: 'chat', platformId: options.replyTo } }),
    });
  }

  async #say(inbound: Inbound): Promise<void> {
    this.said.push(inbound);
    if (!this.deaf) await this.live.receive(inbound);
  }

  async *#since(after: number, signal: AbortSignal): AsyncIterable<Inbound | undefined> {
    this.asked.push(after);
    yield* patiently(this.live.clock, signal, async () => {
      const retryAfterMs = this.busyMs.shift();
      if (retryAfterMs !== undefined) throw new BridgeError('rate_limited', 'not now', { retryAfterMs });
    });
    for (const inbound of [...this.said]) {
      if (inbound.at > after) yield await this.#effect('since', () => inbound);
    }
    await this.#effect('since', () => {});
  }

  get live(): BridgeHost {
    if (!this.host) throw new Error('the bridge is not started');
    return this.host;
  }

  async #effect<T>(kind: string, run: () => T): Promise<T> {
    this.log.push(kind);
    const next = this.#faults.get(kind)?.shift();
    if (!next) return run();
    if (next.after) run();
    if (next.fault === 'hang') return new Promise(() => {});
    throw next.fault;
  }

  #change(thread: ThreadRef, change: { closed?: boolean; title?: string }): void {
    Object.assign(this.#thread(thread), change);
  }

  #thread({ threadId }: ThreadRef) {
    const thread = this.threads.find(({ id }) => id === threadId);
    if (!thread) throw new BridgeError('thread_gone', `no thread ${threadId}`);
    return thread;
  }

  #post({ platformId }: MessageRef): Post {
    const post = this.posts.find(({ id }) => id === platformId);
    if (!post) throw new BridgeError('message_gone', `no post ${platformId}`);
    return post;
  }
}

const title = ({ identity, visitorId }: SessionCard): string => identity?.name ?? visitorId;

const describe = (note: Note): string => {
  switch (note.kind) {
    case 'card':
      return `card ${title(note.card)}`;
    case 'identity':
      return `identity ${title(note.card)}`;
    case 'message': {
      const hidden = note.audience === 'team' ? 'note: ' : '';
      const from = note.author.kind === 'visitor' ? '' : `${note.author.name ?? note.author.kind}: `;
      const quote = note.replyTo && !note.replyTo.native ? `[${note.replyTo.content}] ` : '';
      return `${hidden}${from}${quote}${note.content}`;
    }
    case 'messages':
      return note.messages.map(describe).join(' + ');
    case 'recap':
      return `recap ${note.messages.map(({ content, audience }) => (audience === 'team' ? `note: ${content}` : content)).join(' | ')}`;
    case 'notice':
      return `notice ${note.text}`;
    case 'closed':
      return `closed by ${note.by.name ?? note.by.id}`;
    default:
      return note.kind;
  }
};
