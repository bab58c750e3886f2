import type { Bridge, BridgeHost, MessageRef, Note, Part, ThreadRef } from '@pocketping/core';

/** A messaging platform on which every call takes its time, and one operator who comes and goes. */
export class TimedBridge implements Bridge {
  readonly name = 'team';
  readonly commandPrefix = '/';
  readonly pacing = {};
  readonly #callMs: number;
  #host: BridgeHost | undefined;
  #numbered = 0;
  #online = false;

  constructor(callMs: number) {
    this.#callMs = callMs;
  }

  async start(host: BridgeHost): Promise<void> {
    this.#host = host;
  }

  async stop(): Promise<void> {
    this.#host = undefined;
  }

  async open(): Promise<ThreadRef> {
    await this.#call();
    return { chatId: 'chat', threadId: this.#number() };
  }

  render(note: Note): Part[] {
    const text = note.kind === 'message' ? note.content : note.kind;
    return [{ markup: text, plain: text }];
  }

  async post({ chatId, threadId }: ThreadRef): Promise<MessageRef> {
    await this.#call();
    return { chatId, threadId, platformId: this.#number() };
  }

  async answer(): Promise<void> {
    await this.#call();
  }

  /** The operator says that they are there, or that they are not: every widget is told. */
  async turn(): Promise<void> {
    this.#online = !this.#online;
    await this.#host?.receive({
      kind: 'command',
      operator: { id: 'ada', name: 'Ada' },
      ref: { chatId: 'chat', platformId: this.#number() },
      at: Date.now(),
      name: this.#online ? 'online' : 'offline',
      args: '',
    });
  }

  #number(): string {
    return `${++this.#numbered}`;
  }

  #call(): Promise<void> | undefined {
    if (this.#callMs === 0) return undefined;
    return new Promise((resolve) => setTimeout(resolve, this.#callMs));
  }
}
