import { BridgeError } from '@pocketping/core';
import type { Update } from 'grammy/types';
import type { Listener } from './listener.js';
import type { Telegram } from './telegram.js';
import { ALLOWED_UPDATES } from './webhook.js';
import { updateFrom } from './well-formed.js';

export interface Polling {
  readonly telegram: Telegram;
  readonly listener: Listener;
  /** For how long Telegram holds a poll, in seconds. */
  readonly timeoutSeconds: number;
  /** Resolves when the update has been dealt with; what rejects is handed over again. */
  take(update: Update): Promise<void>;
  /** Aborted to stop. */
  readonly signal: AbortSignal;
}

/**
 * Polls until it is told to stop, and never rejects. Updates are taken one after another; asking for the next ones
 * tells Telegram that those before have arrived, so the offset passes an update only after it was taken. What was
 * taken last before a stop is not confirmed and comes again, for a last request could disturb the poll of whoever
 * took over.
 * @see https://core.telegram.org/bots/api#getupdates
 */
export const poll = async (polling: Polling): Promise<void> => {
  const { telegram, listener, timeoutSeconds, signal } = polling;
  const connection = connectionOf(listener);
  let offset = 0;
  let rejections = 0;
  while (!signal.aborted) {
    try {
      const answer = await telegram.ask(
        (api, signal) =>
          api.getUpdates(
            {
              offset,
              timeout: connection.failing ? 0 : timeoutSeconds,
              allowed_updates: ALLOWED_UPDATES,
            },
            signal,
          ),
        signal,
      );
      const updates = updatesIn(answer, listener);
      connection.worked();
      for (const update of updates) {
        if (signal.aborted) return;
        if (!(await taken(polling, update))) {
          rejections += 1;
          await listener.clock.sleep(backoffMs(rejections), signal);
          break;
        }
        rejections = 0;
        // The latest update decides, not the highest: after a quiet week Telegram begins with new numbers.
        offset = update.update_id + 1;
      }
    } catch (error) {
      if (signal.aborted) return;
      await listener.clock.sleep(connection.failed(error), signal);
    }
  }
};

/**
 * What is no update is passed over: nothing could confirm it, and it must not hold up the others.
 * @throws Error when there is nothing else, which would come again at once
 */
const updatesIn = (answer: unknown, { logger }: Listener): Update[] => {
  if (!Array.isArray(answer)) throw new Error('Telegram answered a poll with what is no list.');
  const updates = answer.flatMap((each) => updateFrom(each) ?? []);
  if (updates.length === answer.length) return updates;
  if (updates.length === 0) throw new Error('Telegram answered a poll with what are no updates.');
  logger.error({ passedOver: answer.length - updates.length }, 'Telegram sent what is no update');
  return updates;
};

const taken = async ({ take, listener }: Polling, update: Update): Promise<boolean> => {
  try {
    await take(update);
    return true;
  } catch (err) {
    listener.logger.warn(
      { err, updateId: update.update_id },
      'A Telegram update could not be stored and is tried again',
    );
    return false;
  }
};

/** Follows how the polls end, tells the engine, and answers how long to wait after a failure. */
const connectionOf = (listener: Listener) => {
  let failures = 0;
  let broken = false;
  return {
    /** The last poll failed. The next one is not held, so that an answer soon shows that it works again. */
    get failing(): boolean {
      return failures > 0;
    },
    worked(): void {
      failures = 0;
      if (broken) listener.healed();
      broken = false;
    },
    /** @returns milliseconds to wait before the next poll */
    failed(error: unknown): number {
      failures += 1;
      listener.logger.debug({ err: error }, 'Polling Telegram failed');
      const code = BridgeError.isInstance(error) ? error.code : undefined;
      if (BridgeError.isInstance(error) && code === 'rate_limited')
        return error.retryAfterMs ?? FIRST_WAIT_MS;
      // Networks cut a quiet connection now and then; half a second later the next poll works.
      if (code !== 'unavailable' || failures > 1) {
        broken = true;
        listener.broken(error);
      }
      return code === 'unauthorized' ? UNAUTHORIZED_WAIT_MS : backoffMs(failures);
    },
  };
};

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** A person has to do something before the bot is let in again. */
const UNAUTHORIZED_WAIT_MS = 30_000;

/** Doubles from half a second to half a minute, less up to half of it by chance. */
const backoffMs = (attempt: number): number => {
  const full = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
  return full * (1 - Math.random() / 2);
};
