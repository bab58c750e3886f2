import { BridgeError, type NoteAttachment, type PostCall, type ThreadRef } from '@pocketping/core';
import type { KnownBlock } from '@slack/web-api';
import { isRefusal } from './errors.js';
import { fileNameOf } from './files.js';
import type { Slack } from './slack.js';
import { traced } from './traces.js';
import type { Transfer } from './transfer.js';

/** Where a file appeared: in which message, and in which thread if in any. */
export interface Share {
  readonly ts: string;
  readonly threadTs: string | undefined;
}

/** A file that is at Slack, and of which it was asked that it be shown. */
interface Begun {
  readonly fileId: string;
  /** Slack said that it will be. */
  readonly accepted: boolean;
}

/**
 * Shows files in threads. Slack does so in its own time: it answers before there is a message, and tells only when asked which
 * one it became. So the file of a post is remembered by the post's nonce, and is not shown a second time while it may appear.
 * @see https://docs.slack.dev/messaging/working-with-files#upload
 */
export class Uploads {
  readonly #begun = new Map<string, Begun>();

  constructor(
    private readonly channelId: string,
    private readonly slack: Slack,
    private readonly transfer: Transfer,
  ) {}

  /** @throws BridgeError `uncertain` while Slack does not tell where the file appeared */
  async share(
    thread: ThreadRef,
    file: NoteAttachment,
    blocks: readonly object[],
    { nonce, open, signal }: PostCall & { readonly open: NonNullable<PostCall['open']> },
  ): Promise<Share> {
    const key = keyOf(thread, nonce);
    const before = this.#begun.get(key);
    const found =
      before && (await this.#seen(before.fileId, signal, before.accepted ? WAITS_MS : FEW_WAITS_MS));
    if (found) return found;
    if (before?.accepted) throw inDoubt();
    const fileId = before?.fileId ?? (await this.#brought(file, await open(), signal));
    this.#remember(key, { fileId, accepted: false });
    try {
      await this.slack.act(
        (web) =>
          web.files.completeUploadExternal({
            files: [{ id: fileId, title: file.name }],
            channel_id: this.channelId,
            thread_ts: thread.threadId,
            blocks: traced(blocks, nonce) as KnownBlock[],
          }),
        signal,
      );
    } catch (error) {
      if (!BridgeError.isInstance(error) || error.code !== 'uncertain') this.#begun.delete(key);
      throw error;
    }
    this.#remember(key, { fileId, accepted: true });
    const share = await this.#seen(fileId, signal, WAITS_MS);
    if (!share) throw inDoubt();
    this.#begun.delete(key);
    return share;
  }

  /** Where the file of a post appeared by now, of those that this process began. */
  async shared(thread: ThreadRef, nonce: string, signal: AbortSignal): Promise<Share | undefined> {
    const begun = this.#begun.get(keyOf(thread, nonce));
    return begun && this.#seen(begun.fileId, signal, FEW_WAITS_MS);
  }

  async #brought(
    file: NoteAttachment,
    bytes: ReadableStream<Uint8Array>,
    signal: AbortSignal,
  ): Promise<string> {
    let begun = false;
    try {
      const { upload_url, file_id } = await this.slack.ask(
        (web) => web.files.getUploadURLExternal({ filename: fileNameOf(file), length: file.size }),
        signal,
      );
      begun = true;
      await this.transfer.upload(upload_url as string, file, bytes, signal);
      return file_id as string;
    } finally {
      if (!begun) await bytes.cancel().catch(() => {});
    }
  }

  /** Asks until it is told, or the patience ends. */
  async #seen(file: string, signal: AbortSignal, waitsMs: readonly number[]): Promise<Share | undefined> {
    for (const waitMs of waitsMs) {
      await slept(waitMs, signal);
      if (signal.aborted) return undefined;
      const answer = await this.slack.ask((web) => web.files.info({ file }), signal).catch(asUnseen);
      const shares = answer?.file?.shares;
      const [share] = [shares?.public, shares?.private].flatMap(
        (channels) => (channels as Channels | undefined)?.[this.channelId] ?? [],
      );
      if (share?.ts) return { ts: share.ts, threadTs: share.thread_ts };
    }
    return undefined;
  }

  #remember(key: string, begun: Begun): void {
    const [oldest] = this.#begun.keys();
    if (!this.#begun.has(key) && this.#begun.size >= REMEMBERED && oldest !== undefined) {
      this.#begun.delete(oldest);
    }
    this.#begun.set(key, begun);
  }
}

/** The workspace takes no such file, and nothing was shown. */
export const isNotTaken = (error: unknown): boolean => isRefusal(error, ...NOT_TAKEN);

type Channels = Readonly<Record<string, readonly { readonly ts?: string; readonly thread_ts?: string }[]>>;

const REMEMBERED = 1000;

/** Milliseconds before each question where a file appeared: most do so within a second. */
const WAITS_MS: readonly number[] = [0, 150, 300, 500, 800, 1200, 1800, 2500];

/** The same, where it is not even known that it will. */
const FEW_WAITS_MS: readonly number[] = [0, 300, 900];

const keyOf = ({ threadId }: ThreadRef, nonce: string): string => `${threadId} ${nonce}`;

const inDoubt = (): BridgeError =>
  new BridgeError('uncertain', 'Slack has the file and does not say yet where it shows it.');

/** What cannot be asked now is asked again. */
const asUnseen = (error: unknown): undefined => {
  if (BridgeError.isInstance(error) && error.code === 'unauthorized') throw error;
  return undefined;
};

const slept = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (ms === 0 || signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });

/**
 * Why a workspace does not take a file that others would take; nothing was shown.
 * @see https://docs.slack.dev/reference/methods/files.getUploadURLExternal#errors
 */
const NOT_TAKEN = [
  'file_type_not_allowed',
  'file_upload_size_restricted',
  'file_uploads_disabled',
  'file_uploads_except_images_disabled',
  'storage_limit_reached',
] as const;
