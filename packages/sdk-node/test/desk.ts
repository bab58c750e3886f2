import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHandler } from '@pocketping/adapter-node';
import { type Bridge, type BridgeHost, MemoryStorage, type Note, PocketPing } from '@pocketping/core';
import { messagesIn } from '@pocketping/core/rendering';
import { recordingLogger } from '@pocketping/testing';
import { onTestFinished } from 'vitest';

/** A messaging app on which somebody of the team sits, the only one there is. */
export class Desk {
  /** What was posted, oldest first. */
  readonly posts: string[] = [];
  readonly bridge: Bridge;
  #host: BridgeHost | undefined;
  #last = 0;

  constructor(name = 'desk') {
    this.bridge = {
      name,
      commandPrefix: '/',
      pacing: {},
      intermittent: true,
      start: async (host) => {
        this.#host = host;
      },
      stop: async () => {},
      open: async () => ({ chatId: 'desk', threadId: `t${++this.#last}` }),
      render: (note) => textsOf(note).map((text) => ({ markup: text, plain: text })),
      post: async (thread, { plain }) => {
        this.posts.push(plain);
        return { ...thread, platformId: `p${++this.#last}` };
      },
      answer: async () => {},
    };
  }

  /** Somebody of the team answers in the first thread. */
  async reply(content: string): Promise<void> {
    await this.#host?.receive({
      kind: 'message',
      ref: { chatId: 'desk', threadId: 't1', platformId: `p${++this.#last}` },
      operator: { id: '7', name: 'Ada' },
      at: Date.now(),
      content,
      version: 1,
    });
  }
}

/** A PocketPing server whose team sits at a desk. Without a key it answers programs on this machine. */
export const bridgeServer = async (apiKey?: string): Promise<{ url: string; desk: Desk; logger: object }> => {
  const desk = new Desk();
  const logger = recordingLogger();
  const pp = new PocketPing({ storage: new MemoryStorage(), bridge: desk.bridge, logger });
  const chat = createHandler(pp, {
    path: '/',
    bridgeApi: apiKey === undefined ? {} : { apiKey },
    closeWithinMs: 100,
  });
  const server = createServer((req, res) => chat.handle(req, res));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(async () => {
    server.close();
    await chat.close();
    server.closeAllConnections();
    await pp.stop();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, desk, logger };
};

const textsOf = (note: Note): string[] => {
  if (note.kind === 'event') return [`event ${note.name} ${JSON.stringify(note.data)}`];
  if (note.kind === 'identity') return [`identity ${note.card.identity?.name}`];
  return messagesIn(note).map(({ content }) => content);
};
