import { BridgeError } from '../errors.js';
import type { MessageRef, Note, Part, PostedRef } from '../ports/index.js';
import { type Lane, threadRef } from './lane.js';

/** Posts a note that no message is linked to. One that the platform refuses even as plain text is passed over. */
export const postNote = async (lane: Lane, note: Note, nonce: string): Promise<void> => {
  const parts = lane.platform.bridge.render(note);
  for (const [index, part] of parts.entries()) {
    try {
      await postPart(lane, part, { nonce: `${nonce}/${index}` });
    } catch (error) {
      if (!isCode(error, 'invalid')) throw error;
      lane.engine.logger.error(
        { err: error, bridge: lane.thread.bridge, sessionId: lane.session.id, note: note.kind },
        'the platform refuses a note; going on without it',
      );
    }
  }
};

/**
 * Posts one part, in one of three ways before it gives up: as it is; as plain text where the platform refuses the
 * markup; and, where a call may or may not have taken effect, once more unless the platform can tell that it did.
 */
export const postPart = async (
  lane: Lane,
  part: Part,
  { nonce, replyTo }: { nonce: string; replyTo?: MessageRef | undefined },
): Promise<PostedRef> => {
  const { platform, thread } = lane;
  const post = (plain: boolean) =>
    platform.call(thread, (signal) =>
      platform.bridge.post(threadRef(thread), part, { nonce, plain, signal, ...(replyTo && { replyTo }) }),
    );
  let plain = false;
  let repeated = false;
  for (;;) {
    try {
      return await post(plain);
    } catch (error) {
      if (isCode(error, 'invalid') && !plain) plain = true;
      else if (isCode(error, 'uncertain') && !repeated) {
        repeated = true;
        const posted = await reconciled(lane, nonce);
        if (posted) return posted;
      } else throw error;
    }
  }
};

/** The post that a call of uncertain outcome made, where the platform can tell. */
const reconciled = async ({ platform, thread }: Lane, nonce: string): Promise<PostedRef | null> => {
  const { reconcile } = platform.bridge;
  if (!reconcile) return null;
  return platform.call(thread, (signal) => reconcile.posted(threadRef(thread), nonce, { signal }));
};

export const isCode = (error: unknown, code: BridgeError['code']): error is BridgeError =>
  BridgeError.isInstance(error) && error.code === code;
