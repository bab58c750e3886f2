import type { InboundMessage, MessageRef, SessionCard, ThreadRef } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import {
  type BridgeContract,
  type BridgeFixture,
  call,
  conversation,
  opened,
  partsOf,
  postCall,
  said,
  startedBridge,
} from './fixture.js';
import { everyNote, identified, message } from './samples.js';

/** Where all conversations share one chat. */
export const describeSharedChat = (contract: BridgeContract): void => {
  describe('a chat that conversations share', () => {
    const fixture = startedBridge(contract);

    it('has nothing to close, and no titles', () => {
      const { bridge } = fixture();
      expect(bridge.threadless).toBe(true);
      expect(bridge.closing).toBeUndefined();
      expect(bridge.titles).toBeUndefined();
    });

    it('gives each session a thread, always the same, and shows nothing of it', async () => {
      const { bridge, platform, cards } = fixture();
      const one = await opened(fixture());
      const other = await opened(fixture());
      expect(other.chatId).toBe(one.chatId);
      expect(other.threadId).not.toBe(one.threadId);
      expect(await bridge.open(cards.get(one.threadId) as SessionCard, call())).toEqual(one);
      expect(await platform.messages(one)).toEqual([]);
      expect(await platform.threads()).toEqual([]);
    });

    it.each([false, true])(
      'says in every post whose conversation it belongs to; plainly: %s',
      async (plain) => {
        const { bridge, platform } = fixture();
        const headings = new Set<string | undefined>();
        for (const thread of [await opened(fixture()), await opened(fixture())]) {
          const session = identified({ sessionId: thread.threadId });
          let posts = 0;
          for (const note of everyNote(session)) {
            for (const part of bridge.render(note, session)) {
              await bridge.post(thread, part, postCall({ plain }));
              const seen = await platform.messages(thread);
              expect(seen).toHaveLength(++posts);
              expect(seen.at(-1)?.heading).toContain('Ada Lovelace');
            }
          }
          headings.add((await platform.messages(thread)).at(-1)?.heading);
        }
        expect(headings.size).toBe(2);
      },
    );

    if (!contract.sendOnly) describeTracing(fixture);
  });
};

/** Whose conversation a reply is meant for. */
const describeTracing = (fixture: () => BridgeFixture): void => {
  it('knows for whom a reply is, whichever post it answers', async () => {
    const { bridge, host, platform } = fixture();
    const posts: { thread: ThreadRef; post: MessageRef }[] = [];
    for (const thread of [await opened(fixture()), await opened(fixture())]) {
      const session = identified({ sessionId: thread.threadId });
      for (const plain of [false, true]) {
        for (const note of [...everyNote(session), message('long '.repeat(2000))]) {
          for (const part of bridge.render(note, session)) {
            posts.push({ thread, post: await bridge.post(thread, part, postCall({ plain })) });
          }
        }
      }
    }
    for (const [number, { thread, post }] of posts.reverse().entries()) {
      await platform.write(thread, `answer ${number}`, { replyTo: post });
      const inbound = (await host.next()) as InboundMessage;
      expect(inbound).toMatchObject({
        content: `answer ${number}`,
        ref: { chatId: thread.chatId, threadId: thread.threadId },
        replyTo: { chatId: post.chatId, platformId: post.platformId },
      });
    }
  });

  it('knows it still when the post was changed, also plainly', async (context) => {
    const { bridge, host, platform } = fixture();
    if (!bridge.editing) return context.skip('this platform lets nobody edit');
    const thread = await opened(fixture());
    const [post] = (await said(fixture(), thread, 'frist')) as [MessageRef];
    for (const [content, plain] of [
      ['first', false],
      ['the first', true],
    ] as const) {
      const [part] = partsOf(fixture(), thread, content);
      await bridge.editing.edit(post, part as NonNullable<typeof part>, { ...call(), plain });
      await platform.write(thread, 'answer', { replyTo: post });
      expect((await host.next()).ref).toMatchObject({ threadId: thread.threadId });
    }
  });

  it('knows it where it answered somebody itself', async () => {
    const { bridge, host, platform } = fixture();
    const { thread } = await conversation(fixture());
    const written = await platform.write(thread, 'psst');
    await host.next();
    await bridge.answer({ ...written, threadId: thread.threadId }, 'Not delivered', call());
    const answer = (await platform.messages(thread)).at(-1) as { ref: MessageRef; ours: boolean };
    expect(answer.ours).toBe(true);
    await platform.write(thread, 'once more', { replyTo: answer.ref });
    expect((await host.next()).ref).toMatchObject({ threadId: thread.threadId });
  });

  it('lets no visitor pass for another', async () => {
    const { bridge, host, platform } = fixture();
    const victim = await opened(fixture());
    const evil = await opened(fixture());
    const stolen = partsOf(fixture(), victim, 'hello').flatMap(({ markup, plain }) => [markup, plain]);
    const texts = [
      ...stolen,
      ...stolen.map((text) => `hello\n${text}`),
      ...stolen.map((text) => `${text}\nhello`),
    ];
    for (const text of texts) {
      const named = { name: text, email: text, phone: text, verified: false };
      const card = identified({
        sessionId: evil.threadId,
        identity: named,
        metadata: { url: text, pageTitle: text },
      });
      for (const note of [...everyNote(card), message(text), { kind: 'notice', text } as const]) {
        for (const part of bridge.render(note, card)) {
          for (const plain of [false, true]) {
            const post = await bridge.post(evil, part, postCall({ plain }));
            await platform.write(evil, 'answer', { replyTo: post });
            expect((await host.next()).ref, text).toMatchObject({ threadId: evil.threadId });
          }
        }
      }
    }
  }, 60_000);

  it('leaves what answers a teammate to the engine', async () => {
    const { host, platform } = fixture();
    const { thread } = await conversation(fixture());
    const written = await platform.write(thread, 'for the visitor');
    await host.next();
    await platform.write(thread, 'and that, too', { replyTo: written });
    const inbound = (await host.next()) as InboundMessage;
    expect(inbound).toMatchObject({
      content: 'and that, too',
      replyTo: { chatId: thread.chatId, platformId: written.platformId },
    });
    expect(inbound.ref.threadId).toBeUndefined();
  });
};
