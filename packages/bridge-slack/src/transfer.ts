import { BridgeError, type NoteAttachment, PocketPingError } from '@pocketping/core';
import { missingScopes, withoutSecrets } from './errors.js';
import type { BotSettings } from './settings.js';
import { secretsOf } from './slack.js';

/** Bytes on their way to Slack and from there, beside the Web API. */
export interface Transfer {
  /**
   * Brings a file's bytes to where Slack wants them. Nobody sees anything of it yet.
   * @throws BridgeError never `uncertain`; and whatever the file's own stream fails with
   */
  upload(
    url: string,
    file: NoteAttachment,
    bytes: ReadableStream<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void>;
  /** @throws BridgeError */
  download(url: string, mimeType: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** The bot's token goes to Slack and to nobody else, whatever an event says of where a file is. */
export const transfer = (settings: BotSettings): Transfer => {
  const { botToken, fetch, apiUrl } = settings;
  const requested = async (url: string, init: RequestInit): Promise<Response> => {
    if (!isOfSlack(url, apiUrl)) {
      throw new BridgeError('invalid', 'The file is not where Slack keeps files, so it is not asked for.');
    }
    try {
      return await fetch(url, { ...init, redirect: 'manual' });
    } catch (error) {
      const cause = withoutSecrets(error, { secrets: secretsOf(settings) });
      throw new BridgeError('unavailable', `Slack cannot be reached: ${cause.message}`, { cause });
    }
  };
  return {
    upload: async (url, { size }, bytes, signal) => {
      const watched = watch(bytes);
      const sending: RequestInit & { readonly duplex: 'half' } = {
        method: 'POST',
        headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': String(size) },
        body: watched.body,
        // The standard wants it said that a body which is being made is sent before there is an answer.
        duplex: 'half',
        signal,
      };
      try {
        const response = await requested(url, sending);
        await response.body?.cancel();
        if (response.status !== 200) throw refusal(response);
      } catch (error) {
        throw watched.failure ? unreadable(watched.failure.error) : error;
      } finally {
        await watched.release();
      }
    },
    download: async (url, mimeType, signal) => {
      const headers = { Authorization: `Bearer ${botToken}` };
      const response = await requested(url, { headers, signal });
      const type = response.headers.get('content-type') ?? '';
      if (response.status === 200 && !isSignIn(response, type, mimeType)) return response.body ?? empty();
      await response.body?.cancel();
      if (response.status === 200 || (response.status >= 300 && response.status < 400)) {
        throw new BridgeError(
          'unauthorized',
          `Slack hands over no files. ${missingScopes([['files:read']])}`,
        );
      }
      throw refusal(response);
    },
  };
};

/** @see https://docs.slack.dev/reference/objects/file-object */
const isOfSlack = (url: string, apiUrl: string): boolean => {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, origin } = new URL(url);
  if (origin === new URL(apiUrl).origin) return true;
  return protocol === 'https:' && hostname.endsWith('.slack.com');
};

/** Whoever may not read a file is shown the page on which people sign in, with status 200. */
const isSignIn = ({ headers }: Response, type: string, mimeType: string): boolean =>
  /^text\/html\b/i.test(type) &&
  !(mimeType === 'text/html' && /^attachment\b/i.test(headers.get('content-disposition') ?? ''));

const refusal = ({ status, headers }: Response): BridgeError => {
  const said = `Slack’s store of files answered ${status}.`;
  if (status === 404 || status === 410) return new BridgeError('message_gone', said);
  if (status === 429) {
    const retryAfterMs = (Number(headers.get('retry-after')) || 1) * 1000;
    return new BridgeError('rate_limited', said, { retryAfterMs, scope: 'bot' });
  }
  return new BridgeError(status === 413 ? 'invalid' : 'unavailable', said);
};

/** A file broke off; the store knows whether it is worth another attempt. */
const unreadable = (error: unknown): unknown =>
  PocketPingError.isInstance(error) || BridgeError.isInstance(error)
    ? error
    : new BridgeError('unavailable', 'The file could not be read.', { cause: error });

/** The same bytes, piece by piece, and why there are no more of them. */
const watch = (bytes: ReadableStream<Uint8Array>) => {
  const reader = bytes.getReader();
  const state: { failure?: { readonly error: unknown } } = {};
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          state.failure = { error };
          throw error;
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Nothing is read before it is sent.
    { highWaterMark: 0 },
  );
  return {
    body,
    get failure() {
      return state.failure;
    },
    release: () => reader.cancel().catch(() => {}),
  };
};

const empty = (): ReadableStream<Uint8Array> => new ReadableStream({ start: (body) => body.close() });
