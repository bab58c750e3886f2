import type { Note, ThreadRef, WriteSet } from '../ports/index.js';
import { cardOf, deliveredUpTo, type Lane, record, threadRef } from './lane.js';
import { isCode, postPart } from './post.js';

/** One call to the platform. */
export type Step = () => Promise<unknown>;

/**
 * Shows something that takes several calls. After each but the last it is noted how far it came, so that a refusal in the
 * middle, or the end of the process, repeats nothing that can be seen. `final` commits with the end.
 */
export const inSteps = async (
  lane: Lane,
  name: string,
  steps: readonly Step[],
  final: Omit<WriteSet, 'at' | 'expect'>,
): Promise<void> => {
  const entry = { scope: `steps/${lane.thread.bridge}`, key: lane.session.id };
  // An earlier run may have had more steps to make than are left: what was to be shown may have been deleted since.
  const mayBeNoted = steps.length > 1 || lane.doubtful;
  const noted = mayBeNoted ? await lane.engine.storage.state(entry.scope, entry.key) : null;
  const progress = noted?.value as { name: string; done: number } | undefined;
  const done = progress?.name === name ? progress.done : 0;
  for (let number = done; number < steps.length; number++) {
    await steps[number]?.();
    if (number < steps.length - 1) {
      await record(lane, {
        ...deliveredUpTo(lane, lane.position),
        state: [{ ...entry, value: { name, done: number + 1 } }],
      });
    }
  }
  const clear = steps.length > 1 || noted ? [{ ...entry, value: null }] : [];
  await record(lane, { ...final, state: [...clear, ...(final.state ?? [])] });
};

/** The calls that post a note to which no message is linked. A part the platform refuses even as plain text is passed over. */
export const noteSteps = (lane: Lane, note: Note, nonce: string): Step[] =>
  lane.platform.bridge.render(note, cardOf(lane.session)).map((part, index) => async () => {
    try {
      await postPart(lane, part, { nonce: `${nonce}/${index}` });
    } catch (error) {
      if (!isCode(error, 'invalid')) throw error;
      lane.engine.logger.error(
        { err: error, bridge: lane.thread.bridge, sessionId: lane.session.id, note: note.kind },
        'the platform refuses a note; going on without it',
      );
    }
  });

/**
 * The call that changes a thread: closes, reopens, renames it. It is the same however often it is made; one that the
 * platform refuses is passed over, because a conversation must not stand still for a title.
 */
export const threadStep =
  (lane: Lane, change: (thread: ThreadRef, signal: AbortSignal) => Promise<void>): Step =>
  async () => {
    const { platform, thread } = lane;
    const call = () => platform.call(thread, (signal) => change(threadRef(thread), signal));
    try {
      await call().catch((error: unknown) => {
        if (isCode(error, 'uncertain')) return call();
        throw error;
      });
    } catch (error) {
      if (!isCode(error, 'invalid') && !isCode(error, 'message_gone')) throw error;
      lane.engine.logger.warn(
        { err: error, bridge: thread.bridge, sessionId: lane.session.id },
        'the platform refuses to change a thread; going on without it',
      );
    }
  };
