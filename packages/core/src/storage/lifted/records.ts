import type { Instant, Message, Session } from '../../model/index.js';
import { publicMessage, publicSession } from '../../views.js';
import type { AboutMessage, KeptOfMessage, KeptOfSession } from './kept.js';
import type { StoredMessage, StoredSession } from './storage.js';

/** A session as a user's storage is given it. */
export const sessionRecord = (session: Session, kept: Omit<KeptOfSession, 'session'>): StoredSession => {
  const { id: _, ...own } = session;
  return textual({
    ...publicSession(session),
    state: JSON.stringify({ ...kept, session: own } satisfies KeptOfSession),
  });
};

/** A message as a user's storage is given it. */
export const messageRecord = (message: Message, about: AboutMessage): StoredMessage => {
  const shown = publicMessage(message);
  const { id: _, sessionId: __, content: ___, ...own } = message;
  return textual({
    ...shown,
    type: shown.isNote ? ('note' as const) : shown.sender,
    createdAt: new Date(about.storedAt),
    state: JSON.stringify({ message: own, about } satisfies KeptOfMessage),
  });
};

/** The same record, each value of which turns into a text that can be read back; what is absent is not there at all. */
const textual = <T extends object>(record: T): T => {
  const values = Object.entries(record).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(values.map(([name, value]) => [name, textualValue(value)])) as T;
};

const textualValue = (value: unknown): unknown => {
  if (value instanceof Date) return new DateAsText(value);
  if (typeof value !== 'object' || value === null) return value;
  const copy = structuredClone(value);
  return Object.defineProperty(copy, 'toString', { value: () => JSON.stringify(copy) });
};

/** A date that a store of texts keeps to the millisecond. */
class DateAsText extends Date {
  override toString(): string {
    return this.toISOString();
  }
}

/** When a message is stored, so that the order of messages is that of their records. */
export const storedAfter = (newest: Instant | undefined, message: Message): Instant =>
  newest === undefined ? message.createdAt : Math.max(message.createdAt, newest + 1);
