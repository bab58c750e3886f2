import { BridgeError } from '@pocketping/core';
import { DOWNLOAD_MEGABYTES } from './limits.js';
import type { Telegram } from './telegram.js';

/**
 * The bytes of a file that somebody of the team sent.
 * @param fileId never expires, unlike the address that Telegram gives for it
 * @throws BridgeError
 * @see https://core.telegram.org/bots/api#getfile
 */
export const fetchFile = async (
  telegram: Telegram,
  fileId: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> => {
  const { file_path: path } = await telegram
    .ask((api, signal) => api.getFile({ file_id: fileId }, signal), signal)
    .catch((error: unknown) => {
      throw BridgeError.isInstance(error) && /file is too big/i.test(error.message) ? tooBig(error) : error;
    });
  if (path === undefined) throw new BridgeError('unavailable', 'Telegram did not say where the file is.');
  if (path.startsWith('/')) throw new BridgeError('invalid', ON_ITS_DISK);
  return telegram.download(path, signal);
};

const tooBig = (cause: Error): BridgeError =>
  new BridgeError(
    'invalid',
    `Telegram hands bots only files of up to ${DOWNLOAD_MEGABYTES} MB, and this one is larger. Send a link to it instead, or a smaller file.`,
    { cause },
  );

/** @see https://core.telegram.org/bots/api#using-a-local-bot-api-server */
const ON_ITS_DISK =
  'The Bot API server at apiRoot runs with --local, and so it keeps files on its own disk instead of handing them over. Run it without --local.';
