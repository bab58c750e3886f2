import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { BridgeError, type Call, type MessageRef, type ThreadRef } from '@pocketping/core';
import type { APIMessage, RouteLike } from 'discord.js';
import type { Discord, Request } from './discord.js';
import { NONCE_LENGTH } from './limits.js';
import type { Body } from './markup.js';
import type { Upload } from './multipart.js';

/** Where messages are written, changed and removed. */
export interface Desk {
  /** @returns the message's id */
  post(to: Spot, body: Body, how: PostingHow): Promise<string>;
  edit(posted: MessageRef, body: Body, call: Call): Promise<void>;
  remove(posted: MessageRef, call: Call): Promise<void>;
}

export type Spot = Pick<ThreadRef, 'chatId'> & Partial<Pick<ThreadRef, 'threadId'>>;

export interface PostingHow extends Call {
  readonly nonce?: string;
  readonly repeated?: true;
  readonly replyTo?: MessageRef | undefined;
  /** The message shows it. */
  readonly file?: Upload | undefined;
}

/** Nobody is ever mentioned from a website. @see https://discord.com/developers/docs/resources/message#allowed-mentions-object */
const NOBODY = { allowed_mentions: { parse: [] } } as const;

/**
 * A bot's messages. Each has a nonce, so that one that was posted already is not posted again: Discord answers the second
 * attempt within a few minutes with the message that the first one made.
 * @param threads conversations have threads of their own, which are channels to Discord
 * @see https://discord.com/developers/docs/resources/message#create-message
 */
export const botDesk = (discord: Discord, threads: boolean): Desk => {
  const channelIn = (spot: Spot): string => (threads && spot.threadId) || spot.chatId;
  const about = (spot: Spot): Pick<Request, 'at'> => ({
    at: threads && spot.threadId !== undefined ? 'thread' : 'channel',
  });
  const messageAt = (posted: MessageRef): RouteLike =>
    `/channels/${idOf(channelIn(posted), 'thread_gone')}/messages/${idOf(posted.platformId, 'message_gone')}`;
  /** Nothing in an archived thread can be changed. It is archived again afterwards, as it was. */
  const unarchived = async (
    posted: MessageRef,
    call: Call,
    change: () => Promise<unknown>,
  ): Promise<void> => {
    try {
      await change();
    } catch (error) {
      if (!threads || posted.threadId === undefined || !isArchived(error)) throw error;
      await archive(discord, posted.threadId, false, call);
      await change();
      await archive(discord, posted.threadId, true, call);
    }
  };
  const edit: Desk['edit'] = (posted, body, call) =>
    unarchived(posted, call, () =>
      discord.act(
        { method: 'PATCH', path: messageAt(posted), body: { ...body, ...NOBODY }, ...about(posted) },
        call.signal,
      ),
    );
  return {
    post: async (to, body, { nonce, repeated, replyTo, file, signal }) => {
      const channelId = idOf(channelIn(to), 'thread_gone');
      const message = await discord.act<APIMessage>(
        {
          method: 'POST',
          path: `/channels/${channelId}/messages`,
          body: {
            ...body,
            ...NOBODY,
            ...attaching(file),
            ...(nonce !== undefined && { nonce: nonceFor(channelId, nonce), enforce_nonce: true }),
            ...(replyTo &&
              channelIn(replyTo) === channelId && {
                message_reference: { message_id: replyTo.platformId, fail_if_not_exists: false },
              }),
          },
          ...(file && { file }),
          ...about(to),
        },
        signal,
      );
      if (repeated && !shows(message, body)) await edit({ ...to, platformId: message.id }, body, { signal });
      return message.id;
    },
    edit,
    remove: (posted, call) =>
      unarchived(posted, call, () =>
        discord
          .act({ method: 'DELETE', path: messageAt(posted), ...about(posted) }, call.signal)
          .catch((error: unknown) => {
            throw mayNot(error) ? leftToPeople(error) : error;
          }),
      ),
  };
};

/** @see https://discord.com/developers/docs/reference#uploading-files */
const attaching = (file: Upload | undefined): object =>
  file === undefined ? {} : { attachments: [{ id: 0, filename: file.name }] };

/** Whether a message says what a request asks for; one that an earlier attempt made may say what was to be said then. */
const shows = ({ content, embeds }: APIMessage, body: Body): boolean =>
  content === body.content.trim() &&
  embeds.map(({ description = '' }) => description).join('\n\n') ===
    body.embeds.map(({ description }) => description.trim()).join('\n\n');

/** Where a webhook posts to: its channel, or a thread there. */
export interface Webhook {
  readonly id: string;
  readonly token: string;
  readonly threadId: string | undefined;
}

/** A webhook's messages. It answers to nobody, and has no nonces. @see https://discord.com/developers/docs/resources/webhook#execute-webhook */
export const webhookDesk = (discord: Discord, { id, token, threadId }: Webhook): Desk => {
  const path: RouteLike = `/webhooks/${id}/${token}`;
  const query = threadId === undefined ? {} : { thread_id: threadId };
  const messageAt = (posted: MessageRef): RouteLike =>
    `${path}/messages/${idOf(posted.platformId, 'message_gone')}`;
  return {
    post: async (_, body, { file, signal }) => {
      const message = await discord.act<APIMessage>(
        {
          method: 'POST',
          path,
          query: { ...query, wait: 'true' },
          body: { ...body, ...NOBODY, ...attaching(file) },
          ...(file && { file }),
          at: 'webhook',
        },
        signal,
      );
      return message.id;
    },
    edit: async (posted, body, { signal }) => {
      const change = { method: 'PATCH', path: messageAt(posted), body: { ...body, ...NOBODY } } as const;
      await discord.act({ ...change, query, at: 'webhook' }, signal);
    },
    remove: async (posted, { signal }) => {
      await discord.act({ method: 'DELETE', path: messageAt(posted), query, at: 'webhook' }, signal);
    },
  };
};

/** Archives a thread, or makes it active again. Harmless when there is nothing to change. */
export const archive = async (
  discord: Discord,
  threadId: string,
  archived: boolean,
  { signal }: Call,
): Promise<void> => {
  const path: RouteLike = `/channels/${idOf(threadId, 'thread_gone')}`;
  try {
    await discord.act({ method: 'PATCH', path, body: { archived }, at: 'thread' }, signal);
  } catch (error) {
    if (!archived || !isArchived(error)) throw error;
  }
};

/** @see https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes */
const isArchived = (error: unknown): boolean =>
  BridgeError.isInstance(error) && /\(50083\)/.test(error.message);

/** More bytes than Discord takes here; nothing was posted. @see https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes */
export const isTooLarge = (error: unknown): boolean =>
  BridgeError.isInstance(error) && /\((?:40005|413)\)/.test(error.message);

/** @see https://discord.com/developers/docs/resources/message#delete-message */
const mayNot = (error: unknown): error is BridgeError =>
  BridgeError.isInstance(error) && /\(50013\)/.test(error.message);

/** What people wrote a bot deletes only where it may delete everything. That is no reason to stop working. */
const leftToPeople = (cause: BridgeError): BridgeError =>
  new BridgeError(
    'message_gone',
    'The bot may not delete what a person wrote: that takes the permission "Manage Messages".',
    { cause },
  );

/** A closed conversation is not opened for what nobody would miss, such as a receipt. */
export const unlessArchived = async (call: Promise<unknown>): Promise<void> => {
  try {
    await call;
  } catch (error) {
    if (!isArchived(error)) throw error;
  }
};

/** The same for every attempt at a post, and another one in another thread. */
const nonceFor = (channelId: string, nonce: string): string =>
  bytesToHex(sha256(new TextEncoder().encode(`${channelId} ${nonce}`))).slice(0, NONCE_LENGTH);

/** What is no id must not become part of an address. */
export const idOf = (id: string, code: 'thread_gone' | 'message_gone'): string => {
  if (/^\d{1,20}$/.test(id)) return id;
  throw new BridgeError(code, `"${id}" is not an id of Discord.`);
};
