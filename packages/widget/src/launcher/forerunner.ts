import { backoffMs } from '../client/backoff.js';
import { PocketPingError } from '../client/errors.js';
import { persistence } from '../client/persistence.js';
import { durableStorage } from '../client/storage.js';
import { absoluteEndpoint } from '../endpoint.js';
import { listen } from '../listen.js';
import type { Identity, Options } from '../options.js';
import type { PocketPing } from '../pocketping.js';
import { whenBody, whenIdle } from '../when.js';
import { type EarlyLauncher, earlyLauncher, type LauncherState } from './early-launcher.js';

/** A window that opens later than this after it was asked for is a surprise, if there was a failure in between. */
const PATIENCE_MS = 10_000;

interface Question {
  put(chat: PocketPing): void;
  reject(error: PocketPingError): void;
}

export type Forerunner = ReturnType<typeof forerunner>;

/**
 * Stands in for the chat until it is there: shows the launcher, keeps what is asked, and decides when to load. That is
 * when somebody is about to open it, when the page asks for something, and soon after the start if this browser has a
 * conversation, because what is unread has to show.
 *
 * @param onChat called once, before anything is asked of the chat
 */
export function forerunner(
  options: Options,
  load: () => Promise<PocketPing>,
  onChat: (chat: PocketPing) => void,
) {
  const stored = persistence(
    durableStorage(() => window.localStorage),
    absoluteEndpoint(options),
  );
  let questions: Question[] = [];
  let open = false;
  let openedAt = 0;
  let state: LauncherState = 'idle';
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  const hasConversation = () => !!stored.credentials()?.sessionId || stored.outbox().length > 0;

  const isTooLate = () => Date.now() - openedAt > PATIENCE_MS;

  const show = (next: LauncherState) => {
    state = next;
    launcher?.show(next, open);
  };

  const start = () => {
    if (over || state === 'loading') return;
    clearTimeout(retry);
    show('loading');
    load().then(arrived, failed);
  };
  const startIfNeeded = () => {
    if (hasConversation()) start();
  };

  const arrived = (chat: PocketPing) => {
    if (over) return;
    // The chat goes on with the element: who has pressed it, or has the focus on it, does not lose it.
    launcher?.release();
    leave();
    onChat(chat);
    chat.init(options);
    if (open && (failures === 0 || !isTooLate())) chat.open();
    for (const { put } of questions) put(chat);
  };

  const failed = () => {
    if (over) return;
    if (isTooLate()) open = false;
    show('failed');
    failures++;
    if (open || questions.length > 0 || hasConversation())
      retry = setTimeout(start, backoffMs(failures, Math.random));
  };

  const forget = (error: PocketPingError) => {
    for (const { reject } of questions) reject(error);
    questions = [];
  };

  const leave = () => {
    over = true;
    clearTimeout(retry);
    for (const end of cleanUp) end();
  };

  const self = {
    open() {
      open = true;
      openedAt = Date.now();
      show(state);
      start();
    },
    close() {
      open = false;
      show(state);
    },
    toggle() {
      if (open) self.close();
      else self.open();
    },
    /** Puts a question to the chat as soon as it is there. */
    ask<T>(call: (chat: PocketPing) => Promise<T>): Promise<T> {
      const answer = new Promise<T>((resolve, reject) => {
        questions.push({ put: (chat) => resolve(call(chat)), reject });
      });
      // The window shows what failed: a caller who does not care need not catch it.
      answer.catch(() => {});
      start();
      return answer;
    },
    async identify(identity: Identity) {
      options = { ...options, identity };
    },
    reset() {
      const { identity: _, ...others } = options;
      options = others;
      stored.clear();
      forget(new PocketPingError('reset'));
    },
    destroy() {
      launcher?.remove();
      leave();
      forget(new PocketPingError('destroyed'));
    },
  };

  let launcher: EarlyLauncher | undefined;
  const cleanUp = [
    whenBody(() => {
      launcher = earlyLauncher(options, { onIntent: start, onPress: self.open });
      show(state);
      return () => {};
    }),
    stored.onForeignChange({ credentials: startIfNeeded, outbox: startIfNeeded }),
    listen(window, ['online'], () => failures > 0 && start()),
  ];
  if (hasConversation()) whenIdle(start);
  return self;
}
