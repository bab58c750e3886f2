import type {
  Bridge,
  BridgeHost,
  Inbound,
  MessageRef,
  Note,
  Part,
  PostedRef,
  SessionCard,
  ThreadRef,
} from '@pocketping/core';

const ADA = { id: 'ada', name: 'Ada' };

/**
 * A platform that takes everything at once and keeps nothing, with one person of the team on it. A session's thread has
 * the session's id.
 */
export class QuietPlatform implements Bridge {
  readonly name = 'quiet';
  readonly commandPrefix = '/';
  readonly pacing = {};
  readonly editing = { edit: async () => {}, remove: async () => {} };
  readonly typing = { show: async () => {} };
  #host: BridgeHost | undefined;
  #next = 1;

  async start(host: BridgeHost): Promise<void> {
    this.#host = host;
  }

  async stop(): Promise<void> {
    this.#host = undefined;
  }

  async open({ sessionId }: SessionCard): Promise<ThreadRef> {
    return { chatId: 'chat', threadId: sessionId };
  }

  render(note: Note): Part[] {
    return [{ markup: note.kind, plain: note.kind }];
  }

  async post(thread: ThreadRef): Promise<PostedRef> {
    return this.#place(thread.threadId);
  }

  async answer(): Promise<void> {}

  /** Resolves once the words are in the session's log. */
  async say(sessionId: string, content: string): Promise<MessageRef> {
    const ref = this.#place(sessionId);
    await this.#receive({ kind: 'message', ...this.#now(), ref, content, version: 1 });
    return ref;
  }

  /** @param version higher than that of the words it replaces */
  async edit(ref: MessageRef, content: string, version: number): Promise<void> {
    const now = this.#now();
    await this.#receive({ kind: 'edit', ...now, sentAt: now.at, ref, content, version });
  }

  async remove(ref: MessageRef): Promise<void> {
    await this.#receive({ kind: 'delete', ...this.#now(), ref });
  }

  /** Gives a command in a session's thread, e.g. `close`. */
  async command(sessionId: string, name: string): Promise<void> {
    await this.#receive({ kind: 'command', ...this.#now(), ref: this.#place(sessionId), name, args: '' });
  }

  #place(threadId: string): MessageRef {
    return { chatId: 'chat', threadId, platformId: `${this.#next++}` };
  }

  #now() {
    return { operator: ADA, at: this.#host?.clock.now() ?? 0 };
  }

  #receive(inbound: Inbound): Promise<void> {
    if (!this.#host) throw new Error('the platform is not connected');
    return this.#host.receive(inbound);
  }
}
