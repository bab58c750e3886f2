import { BridgeError } from '../errors.js';
import type { MessageRef, Part, PostedRef } from '../ports/index.js';
import { type Lane, threadRef } from './lane.js';

/** How a part is posted. */
export interface Posting {
  /** The same for every attempt at it. */
  readonly nonce: string;
  readonly replyTo?: MessageRef | undefined;
  /** The budget's turn was waited for already. */
  readonly inTurn?: boolean;
}

/**
 * Posts one part, in one of these ways before it gives up: as it is; as plain text where the platform refuses the
 * markup; without the reply whose target is gone; and where a call may or may not have taken effect, once more
 * unless the platform can tell that it did.
 */
export const postPart = async (
  lane: Lane,
  part: Part,
  { nonce, replyTo, inTurn = false }: Posting,
): Promise<PostedRef> => {
  const { platform, thread } = lane;
  if (lane.doubtful) {
    const posted = await reconciled(lane, nonce);
    lane.doubtful = false;
    if (posted) return posted;
  }
  let plain = false;
  let repeated = false;
  let answers = replyTo;
  for (let first = true; ; first = false) {
    if (!first || !inTurn) await platform.turn(thread);
    try {
      return await platform.inTurn(thread, (signal) =>
        platform.bridge.post(threadRef(thread), part, {
          nonce,
          plain,
          signal,
          ...(answers && { replyTo: answers }),
        }),
      );
    } catch (error) {
      if (isCode(error, 'invalid') && !plain) plain = true;
      else if (isCode(error, 'message_gone') && answers) answers = undefined;
      else if (isCode(error, 'uncertain') && !repeated) {
        repeated = true;
        const posted = await reconciled(lane, nonce);
        if (posted) return posted;
      } else throw error;
    }
  }
};

/** The post that an earlier call made, where the platform can tell. */
const reconciled = async ({ platform, thread }: Lane, nonce: string): Promise<PostedRef | null> => {
  const { reconcile } = platform.bridge;
  if (!reconcile) return null;
  return platform.call(thread, (signal) => reconcile.posted(threadRef(thread), nonce, { signal }));
};

export const isCode = (error: unknown, code: BridgeError['code']): error is BridgeError =>
  BridgeError.isInstance(error) && error.code === code;
