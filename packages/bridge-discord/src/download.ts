import { BridgeError } from '@pocketping/core';
import type { APIMessage } from 'discord.js';
import type { Discord } from './discord.js';
import { fileAt } from './file-ref.js';
import type { Settings } from './settings.js';

/** Where Discord keeps what people send. @see https://discord.com/developers/docs/reference#signed-attachment-cdn-urls */
const CDN_ORIGINS = ['https://cdn.discordapp.com', 'https://media.discordapp.net'];

/**
 * The bytes of a file that somebody sent. Its address is good for a day only, so it is asked for anew each time; and it
 * is one of Discord's, or nothing is fetched.
 * @throws BridgeError `message_gone`, `invalid`, `rate_limited`, `unavailable`, and as `Discord.ask`
 */
export const download = async (
  discord: Discord,
  settings: Settings,
  ref: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> => {
  const { channelId, messageId, id } = fileAt(ref);
  const path = `/channels/${channelId}/messages/${messageId}` as const;
  const at = channelId === settings.chatId ? 'channel' : 'thread';
  const message = await discord.ask<APIMessage>({ method: 'GET', path, at }, signal).catch(asGone);
  const url = message.attachments.find((attachment) => attachment.id === id)?.url;
  if (url === undefined) throw gone();
  if (!isOfDiscord(url, settings.apiRoot)) {
    throw new BridgeError('invalid', 'The file is not where Discord keeps files, so it is not fetched.');
  }
  const response = await requested(settings, url, signal);
  if (response.status === 200) return response.body ?? EMPTY();
  await response.body?.cancel();
  throw refusal(response);
};

/** The API's own host serves files where it is not Discord's, e.g. an emulator's. */
const isOfDiscord = (url: string, apiRoot: string): boolean => {
  if (!URL.canParse(url)) return false;
  const { origin } = new URL(url);
  return CDN_ORIGINS.includes(origin) || origin === new URL(apiRoot).origin;
};

const requested = async ({ fetch }: Settings, url: string, signal: AbortSignal): Promise<Response> => {
  try {
    // It leads nowhere else: whoever could redirect could have us fetch anything.
    return await fetch(url, { signal, redirect: 'error' });
  } catch (cause) {
    throw new BridgeError('unavailable', 'Discord’s store of files cannot be reached.', { cause });
  }
};

const refusal = ({ status, headers }: Response): BridgeError => {
  if (status === 404 || status === 410) return gone();
  const said = `Discord’s store of files answered ${status}.`;
  if (status === 429) {
    const retryAfterMs = (Number(headers.get('retry-after')) || 1) * 1000;
    return new BridgeError('rate_limited', said, { retryAfterMs, scope: 'bot' });
  }
  // An address that expired just now is asked for anew with the next attempt.
  return new BridgeError('unavailable', said);
};

const gone = (): BridgeError => new BridgeError('message_gone', 'The file was deleted in Discord.');

const asGone = (error: unknown): never => {
  if (BridgeError.isInstance(error) && error.code === 'thread_gone') throw gone();
  throw error;
};

const EMPTY = (): ReadableStream<Uint8Array> => new ReadableStream({ start: (body) => body.close() });
