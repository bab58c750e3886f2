import type { Note, Part, ThreadRef, WriteSet } from '../ports/index.js';
import { resolved } from './doubt.js';
import { drawn } from './drawn.js';
import { deliveredUpTo, type Lane, record, threadRef } from './lane.js';
import { isCode, postPart } from './post.js';
import { untilConfirmed } from './repeating.js';

/** One call to the platform. */
export interface Step {
  /** Names it among those it is made with: one that was made is not made again. */
  readonly key: string;
  run(): Promise<unknown>;
}

/**
 * Shows something that takes several calls. After each but the last it is noted which were made, so that a refusal in the
 * middle, or the end of the process, repeats nothing that can be seen, though the steps may be others by then: what was to
 * be shown may have changed. `final` commits with the end.
 */
export const inSteps = async (
  lane: Lane,
  name: string,
  steps: readonly Step[],
  final: Omit<WriteSet, 'at' | 'expect'>,
): Promise<void> => {
  const entry = placeOf(lane);
  const mayBeNoted = steps.length > 1 || lane.doubtful;
  const noted = mayBeNoted ? await lane.engine.storage.state(entry.scope, entry.key) : null;
  const progress = noted?.value as Progress | undefined;
  const done = progress?.name === name ? [...progress.done] : [];
  for (const [number, { key, run }] of steps.entries()) {
    if (done.includes(key)) continue;
    await run();
    done.push(key);
    if (number < steps.length - 1) {
      await record(lane, {
        ...deliveredUpTo(lane, lane.position),
        state: [{ ...entry, value: { name, done: [...done] } }],
      });
    }
  }
  const clear = steps.length > 1 || noted ? [{ ...entry, value: null }] : [];
  await record(lane, { ...final, state: [...clear, ...resolved(lane), ...(final.state ?? [])] });
};

/** What an earlier run began to show in steps and did not finish, by its name. */
export const stepsUnderWay = async (lane: Lane): Promise<string | undefined> => {
  const { scope, key } = placeOf(lane);
  const noted = await lane.engine.storage.state(scope, key);
  return (noted?.value as Progress | undefined)?.name;
};

const placeOf = ({ thread, session }: Lane) => ({ scope: `steps/${thread.bridge}`, key: session.id });

interface Progress {
  readonly name: string;
  readonly done: readonly string[];
}

/** How long a note is tried that is never confirmed: before it is passed over, or for as long as it takes. */
type Persistence = 'none' | 'some' | 'endless';

/**
 * The calls that post a note to which no message is linked. A part that the platform refuses even as plain text is passed
 * over, and so is one that it never confirms, unless nothing can go on without it. Of a note that the bridge cannot render there
 * are none.
 */
export const noteSteps = (
  lane: Lane,
  note: Note,
  nonce: string,
  {
    keyOf = (_, index) => `${note.kind}/${index}`,
    persistence = 'some',
  }: { keyOf?: (part: Part, index: number) => string; persistence?: Persistence } = {},
): Step[] =>
  partsOf(lane, note).map((part, index) => {
    const key = keyOf(part, index);
    const run = async () => {
      try {
        const name = `${nonce}/${key}`;
        await postPart(lane, part, { nonce: name, ...(persistence === 'some' && { of: name }) });
      } catch (error) {
        const isOver = isCode(error, 'invalid') || (persistence === 'none' && isCode(error, 'uncertain'));
        if (!isOver) throw error;
        lane.engine.logger.error(
          { err: error, bridge: lane.thread.bridge, sessionId: lane.session.id, note: note.kind },
          'the platform refuses a note, or never confirms it; going on without it',
        );
      }
    };
    return { key, run };
  });

const partsOf = (lane: Lane, note: Note): readonly Part[] => {
  try {
    return drawn(lane, note);
  } catch (error) {
    lane.engine.logger.error(
      { err: error, bridge: lane.thread.bridge, sessionId: lane.session.id, note: note.kind },
      'the bridge cannot render a note; going on without it',
    );
    return [];
  }
};

/**
 * The call that changes a thread: closes, reopens, renames it. One that the platform refuses, or never confirms, is passed
 * over, because a conversation must not stand still for a title.
 */
export const threadStep = (
  lane: Lane,
  of: string,
  change: (thread: ThreadRef, signal: AbortSignal) => Promise<void>,
): Step => ({ key: 'thread', run: () => changeThread(lane, `${of}/thread`, change) });

const changeThread = async (
  lane: Lane,
  of: string,
  change: (thread: ThreadRef, signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  const { engine, platform, thread, session } = lane;
  try {
    await untilConfirmed(lane, of, () =>
      platform.call(thread, (signal) => change(threadRef(thread), signal)),
    );
  } catch (error) {
    if (!isCode(error, 'invalid') && !isCode(error, 'message_gone')) throw error;
    engine.logger.warn(
      { err: error, bridge: thread.bridge, sessionId: session.id },
      'the platform refuses to change a thread, or never confirms it; going on without it',
    );
  }
};
