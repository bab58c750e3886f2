import type { BridgeError } from '../errors.js';
import type { LogEvent, Message } from '../model/index.js';
import { deliveredUpTo, type Lane, record } from './lane.js';
import { postNote } from './post.js';

/** Where messages are remembered that a platform refuses, by bridge and message. */
const DEAD_LETTERS = 'dead-letters';

/**
 * The platform refuses a message, even as plain text. It is kept, the team is told in its place, and what comes
 * after it goes on.
 */
export const bury = async (
  lane: Lane,
  event: LogEvent,
  message: Message,
  error: BridgeError,
): Promise<void> => {
  const { engine, thread, session } = lane;
  engine.logger.error(
    { err: error, bridge: thread.bridge, sessionId: session.id, messageId: message.id },
    'the platform refuses a message; it is kept as a dead letter',
  );
  const from = message.author.kind === 'visitor' ? 'the visitor' : (message.author.name ?? 'the team');
  const text = `A message of ${from} could not be shown here: ${error.message} It is kept as ${message.id}.`;
  await postNote(lane, { kind: 'notice', text }, `dead-letter/${message.id}`);
  await record(lane, {
    ...deliveredUpTo(lane, event.seq),
    state: [
      {
        scope: DEAD_LETTERS,
        key: `${thread.bridge}/${message.id}`,
        value: { sessionId: session.id, error: error.message, at: engine.clock.now() },
      },
    ],
  });
};
