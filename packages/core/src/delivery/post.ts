import { bytesOf } from '../attachments/open.js';
import { BridgeError, PocketPingError } from '../errors.js';
import type { Attachment } from '../model/index.js';
import type { MessageRef, Part, PostedRef } from '../ports/index.js';
import { awaitLastAttempt, isLastAttempt, noteDoubt } from './doubt.js';
import { type Lane, threadRef } from './lane.js';

/** How a part is posted. */
export interface Posting {
  /** The same for every attempt at it. */
  readonly nonce: string;
  /** The nonces it had when its message said something else, newest first. */
  readonly earlier?: readonly string[];
  readonly replyTo?: MessageRef | undefined;
  /** Names what has an end of repetition: the message that it shows, or the first of them. All else is repeated until it is confirmed. */
  readonly of?: string;
  /** The budget's turn was waited for already. */
  readonly inTurn?: boolean;
}

export interface Posted {
  readonly ref: PostedRef;
  /** An earlier run made this post, when its message was so many versions younger; else 0. */
  readonly age: number;
}

/** Milliseconds for a call that streams a file, which takes longer than words. */
const FILE_MS = 120_000;

/**
 * Posts one part, in one of these ways before it gives up: as it is; as plain text where the platform refuses the
 * markup; without the reply whose target is gone; and where a call may or may not have taken effect, once more
 * unless the platform can tell that it did.
 */
export const postPart = async (lane: Lane, part: Part, posting: Posting): Promise<Posted> => {
  const { platform, thread } = lane;
  const { nonce, replyTo: answers, of } = posting;
  const { file } = part;
  let mayCall = posting.inTurn === true;
  let mayBeThere = lane.doubtful || lane.doubt !== undefined;
  if (lane.doubtful) {
    const found = await foundAgain(lane, posting);
    lane.doubtful = false;
    if (found) return found;
    // Asking took turns of its own; the one that was waited for is over.
    if (platform.bridge.reconcile) mayCall = false;
  }
  if (of !== undefined) awaitLastAttempt(lane, of);
  let plain = false;
  let repeated = lane.doubt !== undefined;
  let reconciles = true;
  let replyTo = answers;
  for (;;) {
    if (!mayCall) await platform.turn(thread);
    mayCall = false;
    try {
      const ref = await platform.inTurn(
        thread,
        (signal) =>
          platform.bridge.post(threadRef(thread), part, {
            nonce,
            plain,
            signal,
            ...(replyTo && { replyTo }),
            ...(mayBeThere && { repeated: true }),
            ...(file && { open: () => opened(lane, file) }),
          }),
        file && FILE_MS,
      );
      return { ref, age: 0 };
    } catch (error) {
      if (isCode(error, 'invalid') && !plain) plain = true;
      else if (isCode(error, 'message_gone') && replyTo) replyTo = undefined;
      else if (isCode(error, 'uncertain')) {
        mayBeThere = true;
        const ref = reconciles ? await reconciled(lane, nonce) : null;
        if (ref) return { ref, age: 0 };
        reconciles = false;
        if (of !== undefined) await noteDoubt(lane, of, error);
        if (repeated || (of !== undefined && isLastAttempt(lane, of))) throw error;
        repeated = true;
      } else throw error;
    }
  }
};

/** What is no longer in the store never comes back: the message is then refused like one that the platform does not take. */
const opened = async (
  { engine }: Lane,
  { id, name }: Pick<Attachment, 'id' | 'name'>,
): Promise<ReadableStream<Uint8Array>> => {
  try {
    return await bytesOf(engine, id);
  } catch (cause) {
    if (!PocketPingError.isInstance(cause) || cause.code !== 'not_found') throw cause;
    throw new BridgeError('invalid', `${name} is no longer in the store of files.`, { cause });
  }
};

/** What an earlier run may have posted and not recorded, with the text that the message had then. */
export const foundAgain = async (
  lane: Lane,
  { nonce, earlier = [] }: Pick<Posting, 'nonce' | 'earlier'>,
): Promise<Posted | null> => {
  for (const [age, candidate] of [nonce, ...earlier].entries()) {
    const ref = await reconciled(lane, candidate);
    if (ref) return { ref, age };
  }
  return null;
};

/** The post that an earlier call made, where the platform can tell. */
const reconciled = async ({ platform, thread }: Lane, nonce: string): Promise<PostedRef | null> => {
  const { reconcile } = platform.bridge;
  if (!reconcile) return null;
  return platform.call(thread, (signal) => reconcile.posted(threadRef(thread), nonce, { signal }));
};

export const isCode = (error: unknown, code: BridgeError['code']): error is BridgeError =>
  BridgeError.isInstance(error) && error.code === code;
