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
import { FakeCalls, type Fault } from './fake-calls.js';
import { FakeTeam } from './fake-team.js';
import { describe, title } from './fake-words.js';

export interface Post {
  readonly id: string;
  readonly threadId: string;
  text: string;
  plain: boolean;
  readonly nonce: string;
  readonly replyTo?: string;
  /** What it shows besides its text. */
  readonly file?: { readonly name: string; readonly bytes: Uint8Array };
}

/** A platform in memory, with a line of faults for each kind of call. A fault `after` the effect leaves it in place. */
export class FakeBridge extends FakeTeam implements Bridge {
  readonly name: string;
  readonly commandPrefix: string;
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

  /** What people sent, by the name under which it is fetched. */
  readonly sent = new Map<string, Uint8Array>();
  readonly files: NonNullable<Bridge['files']> = {
    fetch: (ref) =>
      this.#effect('fetch', () => {
        const bytes = this.sent.get(ref);
        if (!bytes) throw new BridgeError('message_gone', 'It is there no longer.');
        return new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
      }),
  };

  readonly threads: { id: string; title: string; closed: boolean; deleted: boolean }[] = [];
  readonly posts: Post[] = [];
  readonly answers: { to: MessageRef; text: string }[] = [];
  readonly typed: string[] = [];
  /** What each platform message shows of how far it has come, in the order in which it was marked. */
  readonly marks: { id: string; state: 'delivered' | 'read' }[] = [];
  /** From when on the bridge was asked for what it missed. */
  readonly asked: number[] = [];
  /** For so long the platform tells nothing of what was missed, time and again; the bridge waits. */
  readonly busyMs: number[] = [];
  readonly #calls = new FakeCalls();
  readonly #length: number;
  starts = 0;

  constructor(
    name = 'fake',
    options: {
      pacing?: Pacing;
      editing?: boolean;
      length?: number;
      prefix?: string;
      threadless?: true;
      receipts?: true;
      catchUp?: true;
      inOrder?: true;
      postsReopen?: true;
    } = {},
  ) {
    super();
    this.name = name;
    this.commandPrefix = options.prefix ?? '/';
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
      ...(options.postsReopen && { postsReopen: true }),
    };
    this.titles = {
      rename: (thread, card) => this.#effect('rename', () => this.#change(thread, { title: title(card) })),
    };
    if (options.receipts) {
      this.receipts = {
        mark: ({ platformId: id }, state) => this.#effect('mark', () => void this.marks.push({ id, state })),
      };
    }
    if (options.catchUp) {
      this.catchUp = {
        since: (after, { signal }) => this.#since(after, signal),
        ...(options.inOrder && { inOrder: true }),
      };
    }
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
    const shown =
      note.kind === 'message' ? (note.attachments ?? []).filter(({ status }) => status === 'ready') : [];
    const parts: Part[] = shown.map((file) => ({ file, plain: file.name, markup: `<${file.name}>` }));
    if (shown.length > 0 && note.kind === 'message' && note.content === '') return parts;
    const text = describe(note);
    for (let i = 0; i < text.length; i += this.#length) {
      const plain = text.slice(i, i + this.#length);
      parts.push({ plain, markup: `<${plain}>` });
    }
    return parts;
  }

  async post(thread: ThreadRef, part: Part, { nonce, plain, replyTo, open }: PostCall): Promise<MessageRef> {
    const bytes = open && new Uint8Array(await new Response(await open()).arrayBuffer());
    return this.#effect('post', () => {
      this.#thread(thread);
      this.written(thread.threadId);
      const id = `p${this.next()}`;
      const text = plain ? part.plain : part.markup;
      this.posts.push({
        id,
        threadId: thread.threadId,
        text,
        plain,
        nonce,
        ...(replyTo && { replyTo: replyTo.platformId }),
        ...(part.file && bytes && { file: { name: part.file.name, bytes } }),
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
    return this.#effect('answer', () => {
      this.answers.push({ to, text });
      this.written(to.threadId);
    });
  }

  /** The kinds of calls that came, in their order. */
  get log(): string[] {
    return this.#calls.log;
  }

  /** The next calls of this kind fail, one for each fault. */
  fail(kind: string, ...faults: Fault[]): void {
    this.#calls.strike(kind, faults, { after: false });
  }

  /** The next calls of this kind take effect and fail all the same. */
  failAfter(kind: string, ...faults: Fault[]): void {
    this.#calls.strike(kind, faults, { after: true });
  }

  override get newestThread(): string | undefined {
    return this.threads.at(-1)?.id;
  }

  /** What a thread shows, without markup. */
  shown(threadId = this.newestThread): string[] {
    return this.posts
      .filter((post) => post.threadId === threadId)
      .map(({ text }) => text.replace(/^<([\s\S]*)>$/, '$1'));
  }

  /** Somebody wrote in a thread. */
  protected override written(threadId: string | undefined): void {
    const thread = this.threads.find(({ id }) => id === threadId);
    if (thread && this.closing.postsReopen) thread.closed = false;
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

  #effect<T>(kind: string, run: () => T): Promise<T> {
    return this.#calls.take(kind, run);
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
