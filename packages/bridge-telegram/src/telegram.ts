import { BridgeError, type MessageRef } from '@pocketping/core';
import { Api, type ApiClientOptions, type RawApi } from 'grammy';
import type { Advice } from './advice.js';
import { download } from './download.js';
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
  /** The same where a file goes with it, which may take its time. */
  upload<T>(request: Request<T>, signal: AbortSignal): Promise<T>;
  /**
   * The bytes of a file, streamed; the stream fails as the call would.
   * @param path as Telegram told it
   * @throws BridgeError never `uncertain`
   */
  download(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
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
  const { botToken, pollTimeoutSeconds } = settings;
  const api = new Api(botToken, clientOptions(settings, pollTimeoutSeconds + PATIENCE_SECONDS));
  const patient = new Api(botToken, clientOptions(settings, UPLOAD_SECONDS));
  const failure = (error: unknown, effect: boolean): BridgeError => {
    const { advice, topics } = subject;
    return toBridgeError(error, { effect, botToken, advice, topics });
  };
  const send = async <T>(
    { raw }: Api,
    effect: boolean,
    request: Request<T>,
    signal: AbortSignal,
  ): Promise<T> => {
    if (signal.aborted) throw givenUp();
    try {
      return await request(raw, signal as GrammySignal);
    } catch (error) {
      const successor = successorIn(error);
      if (successor !== undefined) subject.moved?.(successor);
      throw failure(error, effect);
    }
  };
  return {
    ask: (request, signal) => send(api, false, request, signal),
    act: (request, signal) => send(api, true, request, signal),
    upload: (request, signal) => send(patient, true, request, signal),
    download: async (path, signal) => {
      if (signal.aborted) throw givenUp();
      try {
        return failingWith((error) => failure(error, false), await download(settings, path, signal));
      } catch (error) {
        throw failure(error, false);
      }
    },
  };
};

export const givenUp = (): BridgeError =>
  new BridgeError('unavailable', 'Given up before anything was sent to Telegram.');

/** The stream, with other words for why it fails. */
const failingWith = (
  words: (error: unknown) => Error,
  stream: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> => {
  const reader = stream.getReader();
  return new ReadableStream(
    {
      pull: async (controller) => {
        const next = await reader.read().catch((error: unknown) => {
          throw words(error);
        });
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
};

/** Seconds that an upload may take, in case its signal never comes. */
const UPLOAD_SECONDS = 600;

/** Seconds that a request may take beyond the time for which a poll is held, in case its signal never comes. */
const PATIENCE_SECONDS = 15;

const clientOptions = ({ apiRoot, client }: Settings, timeoutSeconds: number): ApiClientOptions => ({
  // An agent, as for a proxy, is known to the library's own `fetch` only.
  ...(client?.baseFetchConfig === undefined && { fetch: runtimeFetch }),
  ...client,
  ...(apiRoot === undefined ? {} : { apiRoot }),
  timeoutSeconds,
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
