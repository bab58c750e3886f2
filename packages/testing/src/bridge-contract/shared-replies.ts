import type { InboundMessage, MessageRef, ThreadRef } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import {
  type BridgeContract,
  call,
  conversation,
  having,
  lacks,
  opened,
  partsOf,
  postCall,
  said,
  startedBridge,
} from './fixture.js';
import { everyNote, identified, message } from './samples.js';

/** What the team answers where all conversations share one chat. */
export const describeSharedReplies = (contract: BridgeContract): void => {
  describe('replies in a chat that conversations share', () => {
    const fixture = startedBridge(contract);

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

    if (!lacks(contract, 'editing')) {
      it('knows it still when the post was changed, also plainly', async () => {
        const { bridge, host, platform } = fixture();
        const thread = await opened(fixture());
        const [post] = (await said(fixture(), thread, 'frist')) as [MessageRef];
        for (const [content, plain] of [
          ['first', false],
          ['the first', true],
        ] as const) {
          const [part] = partsOf(fixture(), thread, content);
          await having(bridge, 'editing').edit(post, part as NonNullable<typeof part>, { ...call(), plain });
          await platform.write(thread, 'answer', { replyTo: post });
          expect((await host.next()).ref).toMatchObject({ threadId: thread.threadId });
        }
      });
    }

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
  });
};
