import { type Bridge, BridgeError, type BridgeHost, type Inbound, type Part } from '@pocketping/core';
import type { Life } from '../house/life.js';
import { wordsIn } from '../text.js';
import type { Effect } from './gate.js';
import type { Platform, Purpose } from './platform.js';
import { rendered } from './render.js';

/** A call that shows something, for each of the utterances that it is to show. */
const purposesOf = (kind: 'post' | 'edit', { plain }: Part): Purpose[] =>
  [...new Set(wordsIn(plain).map(({ utterance }) => utterance))].map(
    (number) => `${kind} m${number}` as const,
  );

/** A node's bridge to a platform. */
export const bridgeTo = (platform: Platform, life: Life): Bridge => {
  const { plan, gate, chatId, updates } = platform;
  const call = <T>(
    kind: string,
    place: { chatId?: string; threadId?: string },
    signal: AbortSignal,
    run: (effect: Effect) => T,
  ) => gate.call({ kind, life, place, signal, run });
  const change = (
    kind: string,
    { threadId }: { threadId: string },
    signal: AbortSignal,
    what: { closed?: boolean; title?: string },
  ) =>
    platform.answered([`thread ${threadId}`], () =>
      call(kind, { chatId, threadId }, signal, () => platform.change(threadId, what)),
    );
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
    post: (thread, part, { signal, plain, nonce, replyTo }) =>
      platform.answered(purposesOf('post', part), () =>
        call('post', thread, signal, (effect) => {
          const { id } = platform.post(thread.threadId, part, plain, replyTo, nonce, effect);
          return { chatId, threadId: thread.threadId, platformId: id };
        }),
      ),
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
          platform.answered(purposesOf('edit', part), () =>
            call('edit', posted, signal, () => platform.edit(posted, part, plain)),
          ),
        remove: (posted, { signal }) => call('remove', posted, signal, () => platform.remove(posted)),
      },
    }),
    ...(plan.can.type && {
      typing: { show: (thread, { signal }) => call('typing', thread, signal, () => {}) },
    }),
    ...(plan.can.close && {
      closing: {
        close: (thread, { signal }) => change('close', thread, signal, { closed: true }),
        reopen: (thread, { signal }) => change('reopen', thread, signal, { closed: false }),
      },
    }),
    ...(plan.can.rename && {
      titles: {
        rename: (thread, card, { signal }) =>
          change('rename', thread, signal, { title: card.identity?.name ?? card.visitorId }),
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
