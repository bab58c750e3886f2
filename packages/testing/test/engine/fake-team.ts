import type { BridgeHost, Inbound, InboundFile } from '@pocketping/core';

/** What people of the team do on a platform in memory. */
export abstract class FakeTeam {
  host: BridgeHost | undefined;
  /** What the team said, heard or not. */
  readonly said: Inbound[] = [];
  /** The bridge hears nothing of what is said. */
  deaf = false;
  #next = 1;

  abstract get newestThread(): string | undefined;

  /** Numbers what stands on the platform, whoever wrote it. */
  protected next(): number {
    return this.#next++;
  }

  /** Somebody wrote in a thread, or a bot did. */
  protected abstract written(threadId: string | undefined): void;

  get live(): BridgeHost {
    if (!this.host) throw new Error('the bridge is not started');
    return this.host;
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
      files?: readonly InboundFile[];
    } = {},
  ): Promise<string> {
    const id = options.id ?? `in${this.next()}`;
    const threadId = options.thread === null ? undefined : (options.thread ?? this.newestThread ?? '');
    const place = { chatId: 'chat', ...(threadId !== undefined && { threadId }) };
    this.written(threadId);
    await this.#say({
      kind: 'message',
      operator: { id: options.name ?? 'ada', name: options.name ?? 'Ada' },
      ref: { ...place, platformId: id },
      at: options.at ?? this.live.clock.now(),
      content,
      version: options.version ?? 1,
      ...(options.files && { files: options.files }),
      ...(options.replyTo && { replyTo: { ...place, platformId: options.replyTo } }),
    });
    return id;
  }

  /** Ada changes what she typed. */
  edit(
    id: string,
    content: string,
    options: {
      version: number;
      thread?: string;
      sentAt?: number;
      command?: { name: string; args: string };
    },
  ): Promise<void> {
    const at = this.live.clock.now();
    return this.live.receive({
      kind: 'edit',
      operator: { id: 'ada', name: 'Ada' },
      ref: { chatId: 'chat', threadId: options.thread ?? 't1', platformId: id },
      at,
      sentAt: options.sentAt ?? at,
      version: options.version,
      content,
      ...(options.command && { command: options.command }),
    });
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
      slipped?: true;
    } = {},
  ): Promise<void> {
    const threadId = options.thread === null ? undefined : (options.thread ?? this.newestThread);
    this.written(threadId);
    await this.live.receive({
      kind: 'command',
      operator: { id: (options.by ?? 'Ada').toLowerCase(), name: options.by ?? 'Ada' },
      ref: { chatId: 'chat', platformId: options.id ?? `in${this.next()}`, ...(threadId && { threadId }) },
      at: this.live.clock.now(),
      name,
      args: options.args ?? '',
      ...(options.slipped && { slipped: options.slipped }),
      ...(options.with && { undeliverable: options.with }),
      ...(options.replyTo && { replyTo: { chatId: 'chat', platformId: options.replyTo } }),
    });
  }

  async #say(inbound: Inbound): Promise<void> {
    this.said.push(inbound);
    if (!this.deaf) await this.live.receive(inbound);
  }
}
