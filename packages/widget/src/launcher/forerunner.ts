import { backoffMs } from '../client/backoff.js';
import { PocketPingError } from '../client/errors.js';
import { keptFor } from '../client/kept.js';
import { randomBytes, randomName } from '../client/random.js';
import { durableStorage } from '../client/storage.js';
import { sendable } from '../client/text.js';
import { absoluteEndpoint } from '../endpoint.js';
import { listen } from '../listen.js';
import type { Identity, Options } from '../options.js';
import type { Chat } from '../pocketping.js';
import { whenBody, whenIdle } from '../when.js';
import { type EarlyLauncher, earlyLauncher, type LauncherState } from './early-launcher.js';

/** A window that opens later than this after it was asked for is a surprise, if there was a failure in between. */
const PATIENCE_MS = 10_000;

interface Question {
  put(chat: Chat): void;
  reject(error: PocketPingError): void;
}

export type Forerunner = ReturnType<typeof forerunner>;

/**
 * Stands in for the chat until it is there: shows the launcher, keeps what is asked, and decides when to load. That is
 * when somebody is about to open it, when the page asks for something, and soon after the start if this browser has a
 * conversation, because what is unread has to show.
 *
 * @param there the chat, where it has been loaded already: it gets its launcher, and nothing is waited for
 * @param onChat called once, before anything is asked of the chat
 */
export function forerunner(
  options: Options,
  load: () => Promise<Chat>,
  there: Chat | undefined,
  onChat: (chat: Chat) => void,
) {
  const stored = keptFor(
    durableStorage(() => window.localStorage),
    absoluteEndpoint(options),
  );
  let questions: Question[] = [];
  let open = false;
  let message: string | undefined;
  let openedAt = 0;
  let state: LauncherState = 'idle';
  let failures = 0;
  let createdAt = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  const hasConversation = () =>
    !!stored.credentials()?.sessionId || stored.outbox.all().length > 0 || stored.events.all().length > 0;

  /** What is asked now is kept for the next page, in case this one is left before the chat is there. */
  const newEntry = () => {
    createdAt = Math.max(Date.now(), createdAt + 1);
    return { id: randomName({ randomBytes }, 16), createdAt };
  };

  const isTooLate = () => Date.now() - openedAt > PATIENCE_MS;

  const show = (next: LauncherState) => {
    state = next;
    launcher?.show(next, open);
  };

  const start = () => {
    if (over || state === 'loading') return;
    clearTimeout(retry);
    retry = undefined;
    show('loading');
    load().then(arrived, failed);
  };
  const startIfNeeded = () => {
    if (hasConversation()) start();
  };

  const arrived = (chat: Chat) => {
    if (over) return;
    // The chat goes on with the element: who has pressed it, or has the focus on it, does not lose it.
    launcher?.release();
    leave();
    onChat(chat);
    chat.init(options);
    if (open && (failures === 0 || !isTooLate())) chat.open(message === undefined ? {} : { message });
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
    open(options?: { message?: string }) {
      message = options?.message ?? message;
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
    sendMessage(content: string, options?: { replyTo?: string }): Promise<string> {
      const { id: clientMessageId, createdAt } = newEntry();
      try {
        stored.outbox.put(clientMessageId, { clientMessageId, content: sendable(content), createdAt });
      } catch {
        // The chat says what is wrong with it.
      }
      return self.ask((chat) => chat.sendMessage(content, { ...options, clientMessageId }));
    },
    trigger(name: string, data?: Record<string, unknown>) {
      const entry = newEntry();
      stored.keepEvent({ ...entry, name, data });
      questions.push({ put: (chat) => chat.trigger(name, data, entry.id), reject() {} });
      // Nobody is waiting for it: the page comes first.
      if (!retry) whenIdle(start);
    },
    editMessage: (messageId: string, content: string) =>
      self.ask((chat) => chat.editMessage(messageId, content)),
    deleteMessage: (messageId: string) => self.ask((chat) => chat.deleteMessage(messageId)),
    /** Puts a question to the chat as soon as it is there. */
    ask<T>(call: (chat: Chat) => Promise<T>): Promise<T> {
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
    /** Also takes the launcher away that was left to the chat. */
    destroy() {
      takeAway();
      leave();
      forget(new PocketPingError('destroyed'));
    },
  };

  let launcher: EarlyLauncher | undefined;
  const takeAway = whenBody(() => {
    const made = earlyLauncher(options, { onIntent: start, onPress: () => self.open() });
    launcher = made;
    if (over) made.release();
    else show(state);
    return made.remove;
  });
  const cleanUp = [
    stored.onForeignChange({ credentials: startIfNeeded, outbox: startIfNeeded }),
    listen(window, ['online'], () => failures > 0 && start()),
  ];
  if (there) arrived(there);
  else if (hasConversation()) whenIdle(start);
  return self;
}
