import { PocketPingError } from '../../errors.js';
import type { StoragePort } from '../../ports/index.js';
import type { Storage } from './storage.js';

const required = ['createSession', 'getSession', 'saveMessage', 'getMessages'] as const;

/** Whether it keeps the whole contract of a storage; then it is used as it is. */
export const isWholeStorage = (storage: StoragePort | Storage): storage is StoragePort =>
  typeof (storage as Partial<StoragePort>).commit === 'function';

/** @throws PocketPingError `validation_failed` for what is no storage of either kind, with the methods that it lacks */
export const requireMethods = (storage: Storage): void => {
  const lacking = required.filter(
    (method) => typeof (storage as Partial<Storage> | null)?.[method] !== 'function',
  );
  if (lacking.length === 0) return;
  throw new PocketPingError(
    'validation_failed',
    `storage: it has no ${lacking.join(', ')}. A storage of your own needs ${required.join(', ')}, as the interface Storage says; a whole one has commit, as StoragePort says.`,
  );
};

/** What a storage without these methods does not keep. */
const lost: readonly (readonly [lacking: readonly (keyof Storage)[], what: string])[] = [
  [
    ['updateSession'],
    'what changes in a session, such as its status, who the visitor is, and its threads (updateSession); what the team has not been told yet it is told with the next message',
  ],
  [['updateMessage'], 'edits, and where a message stands on the messaging apps (updateMessage)'],
  [
    ['updateMessage', 'deleteMessage'],
    'deletions, so that what was deleted comes back (updateMessage or deleteMessage)',
  ],
  [['saveNote'], "the team's private notes (saveNote)"],
  [['getSessions'], 'which sessions there are, until somebody names one (getSessions)'],
];

/** One line for whoever starts a process with such a storage. */
export const whatIsLost = (storage: Storage): string => {
  const parts = lost
    .filter(([lacking]) => lacking.every((method) => !storage[method]))
    .map(([, what]) => what);
  parts.push(
    'custom events that have not reached the page or the team yet',
    'who of the team is online',
    'dead letters',
    'leases',
  );
  return `sessions and messages are kept by the configured storage. In memory only, and gone when this process ends: ${parts.join('; ')}. One process at a time may use such a storage.`;
};
