import { deliverTask, type Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { Actor, Instant } from '../model/index.js';
import { shown } from '../options/shown.js';
import { type Check, fieldsOf, invalid, numberThat } from './arguments.js';

/**
 * A message that a platform refused, even as plain text, or never confirmed, or that the bridge could not render: everybody
 * else has it.
 */
export interface DeadLetter {
  readonly bridge: string;
  readonly sessionId: string;
  readonly messageId: string;
  /** What the platform said, or why there was nothing to say to it. */
  readonly error: string;
  /** When it was given up. */
  readonly at: Date;
}

/** Names a dead letter. */
export type DeadLetterKey = Pick<DeadLetter, 'bridge' | 'messageId'>;

export interface DeadLetterQuery {
  /** How many at most: 1 to 1,000, 100 unless told. */
  readonly limit?: number | undefined;
  /** Only those that are listed after this one, e.g. the last one of the page before. */
  readonly after?: DeadLetterKey | undefined;
}

const PAGE = 100;
const LARGEST_PAGE = 1000;

/** The scope of the state that remembers them. */
export const DEAD_LETTERS = 'dead-letters';

export const keyOfLetter = ({ bridge, messageId }: DeadLetterKey): string => `${bridge}/${messageId}`;

/** @throws `validation_failed` for a limit that is none, or for what is no dead letter */
export const deadLetters = async ({ storage }: Engine, query: DeadLetterQuery): Promise<DeadLetter[]> => {
  const { limit = PAGE, after } = checkedQuery(query);
  const page = { limit, ...(after && { after: keyOfLetter(after) }) };
  return (await storage.states(DEAD_LETTERS, page)).map(({ key, value }) => {
    const [bridge = '', messageId = ''] = key.split('/');
    const { sessionId, error, at } = value as unknown as Letter;
    return { bridge, sessionId, messageId, error, at: new Date(at) };
  });
};

/** Has a bridge post a message again; refused again, it is a dead letter again. @throws `not_found` */
export const retryDeadLetter = async (engine: Engine, key: DeadLetterKey, actor: Actor): Promise<void> => {
  if (letter(key) !== undefined) throw invalid('retryDeadLetter', `the dead letter ${letter(key)}`);
  const { bridge, messageId } = key;
  if (!engine.bridges.includes(bridge)) {
    throw new PocketPingError(
      'not_found',
      `There is no bridge ${bridge} here. There is: ${engine.bridges.join(', ') || 'none'}.`,
    );
  }
  const kept = await engine.storage.state(DEAD_LETTERS, keyOfLetter(key));
  if (!kept) {
    throw new PocketPingError(
      'not_found',
      `${bridge} has no dead letter ${messageId}. listDeadLetters() tells which there are.`,
    );
  }
  const { sessionId } = kept.value as unknown as Letter;
  const result = await engine.log.commit({
    at: engine.clock.now(),
    session: { id: sessionId },
    events: [{ type: 'message_retried', messageId, data: { bridge }, actor, audience: 'team' }],
    tasks: [deliverTask(bridge, sessionId)],
  });
  if (result.conflict !== undefined) {
    throw new PocketPingError('not_found', `The session ${sessionId} of this dead letter is gone.`);
  }
};

const letter: Check = (value) => {
  const { bridge, messageId } = (value ?? {}) as Partial<Record<string, unknown>>;
  return typeof bridge === 'string' && typeof messageId === 'string'
    ? undefined
    : `must be one, with its bridge and messageId, but is ${shown(value)}`;
};

const checkedQuery = (query: unknown): DeadLetterQuery =>
  fieldsOf('listDeadLetters', 'the query', query, {
    optional: {
      limit: numberThat(
        `a whole number from 1 to ${LARGEST_PAGE}`,
        (limit) => Number.isInteger(limit) && limit >= 1 && limit <= LARGEST_PAGE,
      ),
      after: letter,
    },
  }) as DeadLetterQuery;

/** What the state keeps of one. */
export interface Letter {
  readonly sessionId: string;
  readonly error: string;
  readonly at: Instant;
  /** Of the message that was refused. */
  readonly version: number;
}
