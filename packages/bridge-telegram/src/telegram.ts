import { BridgeError } from '@pocketping/core';
import { Api, type ApiClientOptions, type RawApi } from 'grammy';
import { toBridgeError } from './errors.js';
import type { Settings } from './options.js';

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

export const telegram = (settings: Settings): Telegram => {
  const { botToken, forumChatId: chatId } = settings;
  const api = new Api(botToken, clientOptions(settings));
  const send = async <T>(effect: boolean, request: Request<T>, signal: AbortSignal): Promise<T> => {
    if (signal.aborted)
      throw new BridgeError('unavailable', 'Given up before anything was sent to Telegram.');
    try {
      return await request(api.raw, signal as GrammySignal);
    } catch (error) {
      throw toBridgeError(error, { effect, botToken, chatId });
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
  ...client,
  ...(apiRoot === undefined ? {} : { apiRoot }),
  timeoutSeconds: pollTimeoutSeconds + PATIENCE_SECONDS,
  sensitiveLogs: false,
});
