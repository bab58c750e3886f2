import { type Bridge, BridgeError, type BridgeHost, type Inbound } from '@pocketping/core';
import type { Life } from '../house/life.js';
import type { Effect } from './gate.js';
import type { Platform } from './platform.js';
import { rendered } from './render.js';

/** A node's bridge to a platform. */
export const bridgeTo = (platform: Platform, life: Life): Bridge => {
  const { plan, gate, chatId, updates } = platform;
  const call = <T>(
    kind: string,
    place: { chatId?: string; threadId?: string },
    signal: AbortSignal,
    run: (effect: Effect) => T,
  ) => gate.call({ kind, life, place, signal, run });
  let listening: (() => Promise<void>) | undefined;
  /** Grows with every start and stop: what belongs to an earlier one is over. */
  let starts = 0;

  return {
    name: plan.name,
    commandPrefix: '/',
    pacing: plan.pacing,
    ...(plan.threadless && { threadless: true as const }),
    start: async (host) => {
      const start = ++starts;
      await gate.start(life);
      // It may have been stopped meanwhile.
      if (!plan.webhook && start === starts) listening = updates.listen(life, host);
    },
    stop: async () => {
      starts++;
      await listening?.();
      listening = undefined;
    },
    open: (card, { signal }) => {
      if (!plan.threadless) {
        return call('open', {}, signal, (effect) => ({ chatId, threadId: platform.open(card, effect).id }));
      }
      // No call is made: the thread is but a name.
      const thread = platform.open(card, { life, at: platform.stage.clock.now(), unheard: 'a name' });
      return Promise.resolve({ chatId, threadId: thread.id });
    },
    render: (note, card) => rendered(note, card, plan.postLength, plan.threadless),
    post: async (thread, part, { signal, plain, nonce, replyTo }) => {
      platform.noteUnanswered(part.plain, 1);
      try {
        const posted = await call('post', thread, signal, (effect) => {
          const { id } = platform.post(thread.threadId, part, plain, replyTo, nonce, effect);
          return { chatId, threadId: thread.threadId, platformId: id };
        });
        platform.noteUnanswered(part.plain, -1);
        return posted;
      } catch (error) {
        const isAnswer = BridgeError.isInstance(error) && error.code !== 'uncertain';
        if (isAnswer) platform.noteUnanswered(part.plain, -1);
        throw error;
      }
    },
    answer: async (to, _text, { signal }) => {
      const answers = platform.answersTo(to.platformId);
      const { excused } = answers;
      // Until somebody says otherwise, it may have arrived.
      answers.excused = true;
      try {
        await call('answer', to, signal, () => platform.answer(to));
        answers.excused = excused;
      } catch (error) {
        const over = ['thread_gone', 'message_gone', 'uncertain'];
        if (!BridgeError.isInstance(error) || !over.includes(error.code)) answers.excused = excused;
        throw error;
      }
    },
    ...(plan.can.edit && {
      editing: {
        edit: (posted, part, { signal, plain }) =>
          call('edit', posted, signal, () => platform.edit(posted, part, plain)),
        remove: (posted, { signal }) => call('remove', posted, signal, () => platform.remove(posted)),
      },
    }),
    ...(plan.can.type && {
      typing: { show: (thread, { signal }) => call('typing', thread, signal, () => {}) },
    }),
    ...(plan.can.close && {
      closing: {
        close: (thread, { signal }) =>
          call('close', thread, signal, () => platform.change(thread.threadId, { closed: true })),
        reopen: (thread, { signal }) =>
          call('reopen', thread, signal, () => platform.change(thread.threadId, { closed: false })),
      },
    }),
    ...(plan.can.rename && {
      titles: {
        rename: (thread, card, { signal }) =>
          call('rename', thread, signal, () =>
            platform.change(thread.threadId, { title: card.identity?.name ?? card.visitorId }),
          ),
      },
    }),
    ...(plan.can.receipts && {
      receipts: {
        mark: (posted, state, { signal }) => call('mark', posted, signal, () => platform.mark(posted, state)),
      },
    }),
    ...(plan.can.catchUp && {
      catchUp: {
        async *since(after) {
          await gate.start(life);
          yield* updates.since(after);
        },
      },
    }),
    ...(plan.can.reconcile && {
      reconcile: {
        posted: (thread, nonce, { signal }) =>
          call('reconcile', thread, signal, () => {
            const post = platform.made.find(
              (made) => made.nonce === nonce && made.thread.id === thread.threadId,
            );
            return post && platform.posts.has(post.id)
              ? { chatId, threadId: thread.threadId, platformId: post.id }
              : null;
          }),
      },
    }),
    ...(plan.webhook && {
      webhook: {
        receiver: (host: BridgeHost) => async (request) => {
          const { parsed } = request.body as { parsed: Inbound };
          await host.receive(parsed);
          return { status: 200 };
        },
      },
    }),
  };
};
