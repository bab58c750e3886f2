import { BridgeError } from '../errors.js';
import type { LogEvent, Message } from '../model/index.js';
import type { Note, Part, StateWrite } from '../ports/index.js';
import { DEAD_LETTERS, keyOfLetter, type Letter } from '../site/dead-letters.js';
import { settle, verdictOn, wasNeverConfirmed } from './doubt.js';
import { drawn, wasNotDrawn } from './drawn.js';
import { deliveredUpTo, type Lane } from './lane.js';
import { isCode } from './post.js';
import { inSteps, noteSteps } from './steps.js';

/**
 * Makes a message's posts. When the platform refuses one, even as plain text, or never confirms it, the message is kept, the
 * team is told in its place, and what comes after it goes on. Where even that is not confirmed, it is the platform that does
 * not answer, and nothing is given up.
 * @returns false when the message is a dead letter now
 */
export const postOrBury = async (
  lane: Lane,
  event: LogEvent,
  message: Message,
  post: () => Promise<void>,
): Promise<boolean> => {
  const known = verdictOn(lane, message);
  if (known) {
    await bury(lane, event, message, known);
    return false;
  }
  try {
    await post();
    return true;
  } catch (error) {
    if (!isCode(error, 'invalid')) throw error;
    await giveUp(lane, event, message, error);
    return false;
  }
};

/**
 * What the bridge makes of a message's note. Where it can make nothing of it, no other run could: the message is given up like
 * one that the platform refuses.
 * @returns undefined when the message is a dead letter now
 */
export const drawOrBury = async (
  lane: Lane,
  event: LogEvent,
  message: Message,
  note: Note,
): Promise<readonly Part[] | undefined> => {
  try {
    return drawn(lane, note);
  } catch (error) {
    if (!isCode(error, 'invalid')) throw error;
    await giveUp(lane, event, message, error);
    return undefined;
  }
};

const giveUp = async (lane: Lane, event: LogEvent, message: Message, error: BridgeError): Promise<void> => {
  const { engine, thread, session } = lane;
  // Deleted meanwhile, its files went with it. The next run knows, and looks for what may be there of it.
  if ((await engine.storage.message(message.id))?.deletedAt !== undefined) throw again(error);
  const why = wasNotDrawn(error) ? 'the bridge cannot render' : 'the platform does not take';
  engine.logger.error(
    { err: error, bridge: thread.bridge, sessionId: session.id, messageId: message.id },
    `${why} a message; it is kept as a dead letter`,
  );
  await bury(lane, event, message, error);
};

const again = (cause: unknown): BridgeError =>
  new BridgeError('rate_limited', 'The message was deleted meanwhile.', {
    retryAfterMs: 0,
    scope: 'thread',
    cause,
  });

const bury = async (lane: Lane, event: LogEvent, message: Message, error: BridgeError): Promise<void> => {
  const { engine, session } = lane;
  const from = message.author.kind === 'visitor' ? 'the visitor' : (message.author.name ?? 'the team');
  const what = wasNeverConfirmed(error)
    ? `A message of ${from} may stand above or be missing here.`
    : `A message of ${from} could not be shown here:`;
  const text = `${what} ${error.message} It is kept as ${message.id}.`;
  const value = {
    sessionId: session.id,
    error: error.message,
    at: engine.clock.now(),
    version: message.version,
  };
  const step = `dead-letter/${message.id}/${event.seq}`;
  const [first, ...rest] = noteSteps(lane, { kind: 'notice', text }, step, { persistence: 'endless' });
  const steps = first ? [{ ...first, run: () => first.run().then(() => settle(lane, message, error)) }] : [];
  await inSteps(lane, step, [...steps, ...rest], {
    ...deliveredUpTo(lane, event.seq),
    state: [{ ...letterOf(lane, message), value }],
  });
};

/** In which of its versions a message was refused; undefined when it was not. */
export const buriedVersion = async (lane: Lane, message: Message): Promise<number | undefined> => {
  const { scope, key } = letterOf(lane, message);
  const letter = await lane.engine.storage.state(scope, key);
  return letter ? (letter.value as unknown as Letter).version : undefined;
};

/** Whether a message was refused. */
export const isBuried = async (lane: Lane, message: Message): Promise<boolean> =>
  (await buriedVersion(lane, message)) !== undefined;

/** Whether a message was refused, and has changed since. */
export const mayRise = async (lane: Lane, message: Message): Promise<boolean> => {
  const version = await buriedVersion(lane, message);
  return version !== undefined && version < message.version;
};

/** The write that takes a dead letter back. */
export const unbury = (lane: Lane, message: Message): StateWrite => ({
  ...letterOf(lane, message),
  value: null,
});

const letterOf = ({ thread }: Lane, { id }: Message) => ({
  scope: DEAD_LETTERS,
  key: keyOfLetter({ bridge: thread.bridge, messageId: id }),
});
