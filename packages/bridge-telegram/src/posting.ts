import { BridgeError, type MessageRef, type Part, type PostCall } from '@pocketping/core';
import { InputFile } from 'grammy';
import type { Message, MessageEntity } from 'grammy/types';
import { formOf } from './attachment.js';
import type { Destination } from './chat.js';
import { liveIn } from './live.js';
import { givenUp, messageIdOf, type Telegram } from './telegram.js';

type Posting = Pick<PostCall, 'plain' | 'replyTo' | 'open' | 'signal'>;

/** Posts a part: one call. @returns the id of Telegram's message */
export const post = async (
  telegram: Telegram,
  where: Destination,
  part: Part,
  call: Posting,
): Promise<string> => {
  const { replyTo, plain, signal } = call;
  const place = { ...where, ...(replyTo?.chatId === where.chat_id ? replyingTo(replyTo) : {}) };
  if (part.file) return postFile(telegram, place, part, call);
  const message = { ...place, ...textOf(part, plain), ...WITHOUT_PREVIEW };
  const sent = await telegram.act((api, signal) => api.sendMessage(message, signal), signal);
  return String(sent.message_id);
};

/**
 * A picture goes as a photo, or as an animation where it moves. Telegram refuses some as such, by their dimensions or their
 * bytes; the engine then asks for `plain`, and the picture is sent as a document.
 */
const postFile = async (
  telegram: Telegram,
  place: Destination,
  part: Part,
  { plain, open, signal }: Posting,
): Promise<string> => {
  const { file } = part;
  if (!file || !open) throw new BridgeError('invalid', 'There is no file to post.');
  if (signal.aborted) throw givenUp();
  const bytes = reading(await open());
  const input = new InputFile(bytes.all, nameInHeader(file.name));
  const message = { ...place, ...captionOf(part, plain) };
  try {
    const sent = await telegram.upload<Message>((api, signal) => {
      switch (plain ? 'document' : formOf(file)) {
        case 'photo':
          return api.sendPhoto({ ...message, photo: input }, signal);
        case 'animation':
          return api.sendAnimation({ ...message, animation: input }, signal);
        default: {
          // Else Telegram may make something of it that has no name, as it makes a sticker of a WebP.
          const asItIs = { document: input, disable_content_type_detection: true };
          return api.sendDocument({ ...message, ...asItIs }, signal);
        }
      }
    }, signal);
    return String(sent.message_id);
  } catch (error) {
    throw bytes.failure?.error ?? error;
  } finally {
    bytes.release();
  }
};

/**
 * The bytes of a file as they are read. When that fails, the file, which is the last of what a request says, is not
 * whole, and nothing has happened: why is then worth more than that Telegram did not answer.
 */
const reading = (stream: ReadableStream<Uint8Array>) => {
  const reader = stream.getReader();
  let failure: { readonly error: unknown } | undefined;
  let released = false;
  const all = async function* () {
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
      // Else what was read would pass for the whole.
      if (released) throw new Error('The upload was given up.');
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  return {
    all: all(),
    get failure() {
      return failure;
    },
    /** Nobody reads on. */
    release: () => {
      released = true;
      reader.cancel().catch(() => {});
    },
  };
};

/**
 * The library writes the name as it is into the header of the upload, where only what stands in quotes may have spaces
 * and semicolons.
 * @see https://www.rfc-editor.org/rfc/rfc7578#section-4.2
 */
const nameInHeader = (name: string): string =>
  `"${name
    .replaceAll('"', "'")
    .replaceAll('\\', '_')
    .replace(/\p{Cc}/gu, ' ')}"`;

export interface Text {
  readonly text: string;
  readonly parse_mode?: 'HTML';
  readonly entities?: MessageEntity[];
}

/** Without markup Telegram is told separately what not to bring to life. */
export const textOf = (part: Part, plain: boolean): Text =>
  plain
    ? {
        text: part.plain,
        entities: liveIn(part.plain).map(({ start, end }) => ({
          type: 'code',
          offset: start,
          length: end - start,
        })),
      }
    : { text: part.markup, parse_mode: 'HTML' };

/** The same below a file. */
export const captionOf = (part: Part, plain: boolean) => {
  const { text: caption, entities, ...mode } = textOf(part, plain);
  return { caption, ...mode, ...(entities && { caption_entities: entities }) };
};

export const WITHOUT_PREVIEW = { link_preview_options: { is_disabled: true } } as const;

const replyingTo = (ref: MessageRef) => ({
  reply_parameters: { message_id: messageIdOf(ref), allow_sending_without_reply: true },
});
