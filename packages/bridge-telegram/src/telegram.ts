import { BridgeError, type MessageRef } from '@pocketping/core';
import { Api, type ApiClientOptions, type RawApi } from 'grammy';
import type { Advice } from './advice.js';
import { successorIn, toBridgeError } from './errors.js';
import { runtimeFetch } from './fetch.js';
import type { Settings } from './settings.js';

/** grammY's own type of a signal. The platform's `AbortSignal` does what it needs. */
type GrammySignal = NonNullable<Parameters<RawApi['getMe']>[0]>;

type Request<T> = (api: RawApi, signal: GrammySignal) => Promise<T>;

/** The Bot API, one request at a time: no retries, no queues, and failures in the engine's words. */
export interface Telegram {
  /**
   * A request that may be repeated without anybody noticing.
   * @throws BridgeError never `uncertain`
   */
  ask<T>(request: Request<T>, signal: AbortSignal): Promise<T>;
  /**
   * A request whose effect people see.
   * @throws BridgeError
   */
  act<T>(request: Request<T>, signal: AbortSignal): Promise<T>;
}

/** The chat that the requests are about. */
export interface Subject {
  readonly advice: Advice;
  /** It has topics. */
  readonly topics: boolean;
  /** Told when Telegram says that the chat has become another one. */
  moved?(chatId: string): void;
}

export const telegram = (settings: Settings, subject: Subject): Telegram => {
  const { botToken } = settings;
  const api = new Api(botToken, clientOptions(settings));
  const send = async <T>(effect: boolean, request: Request<T>, signal: AbortSignal): Promise<T> => {
    if (signal.aborted)
      throw new BridgeError('unavailable', 'Given up before anything was sent to Telegram.');
    try {
      return await request(api.raw, signal as GrammySignal);
    } catch (error) {
      const successor = successorIn(error);
      if (successor !== undefined) subject.moved?.(successor);
      const { advice, topics } = subject;
      throw toBridgeError(error, { effect, botToken, advice, topics });
    }
  };
  return {
    ask: (request, signal) => send(false, request, signal),
    act: (request, signal) => send(true, request, signal),
  };
};

/** Seconds that a request may take beyond the time for which a poll is held, in case its signal never comes. */
const PATIENCE_SECONDS = 15;

const clientOptions = ({ apiRoot, pollTimeoutSeconds, client }: Settings): ApiClientOptions => ({
  // An agent, as for a proxy, is known to the library's own `fetch` only.
  ...(client?.baseFetchConfig === undefined && { fetch: runtimeFetch }),
  ...client,
  ...(apiRoot === undefined ? {} : { apiRoot }),
  timeoutSeconds: pollTimeoutSeconds + PATIENCE_SECONDS,
  sensitiveLogs: false,
});

/** Telegram refuses what would change nothing. For the engine that is success. */
export const unlessUnchanged = async (call: Promise<unknown>): Promise<void> => {
  try {
    await call;
  } catch (error) {
    if (
      !BridgeError.isInstance(error) ||
      !/(?:TOPIC|MESSAGE)_NOT_MODIFIED|message is not modified/i.test(error.message)
    )
      throw error;
  }
};

/** An id that is none must not reach Telegram: without a topic a post would go to the group's General topic. */
export const topicId = (threadId: string): number => numberOf(threadId, 'thread_gone', 'topic');

export const messageIdOf = ({ platformId }: MessageRef): number =>
  numberOf(platformId, 'message_gone', 'message');

const numberOf = (id: string, code: 'thread_gone' | 'message_gone', what: string): number => {
  const number = Number(id);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new BridgeError(code, `"${id}" is not the id of a Telegram ${what}.`);
};
