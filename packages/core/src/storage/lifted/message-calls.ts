import type { MessageId, Seq, SessionId } from '@pocketping/protocol';
import type { LogEvent, Message } from '../../model/index.js';
import type { MessagePatch, WriteSet } from '../../ports/index.js';
import type { MemoryTables, Outcome } from '../memory-commit.js';
import type { MemoryRows } from '../memory-rows.js';
import { type AboutMessage, type Kept, linksAfter } from './kept.js';
import { messageRecord, storedAfter } from './records.js';
import type { Storage } from './storage.js';
import type { Call, WriteThrough } from './write-through.js';

/** What a commit means for the messages that it adds and changes. */
export const messageCalls = (
  storage: Storage,
  { rows }: MemoryTables,
  kept: Kept,
  write: WriteSet,
  { after, inserted, updated }: Outcome,
): WriteThrough => {
  const seqBefore = (after?.seq ?? 0) - (write.events?.length ?? 0);
  const calls: Call[] = [];
  const about = new Map<MessageId, AboutMessage>();
  const storedAt = new Map<SessionId, number>();
  for (const message of changedMessages(rows, write, updated)) {
    const known = kept.aboutOf.get(message.id) ?? { storedAt: message.createdAt, links: [] };
    const patch = write.update?.find(({ id }) => id === message.id)?.patch;
    const next = {
      ...known,
      ...changeOf(message, write, seqBefore),
      links: linksAfter(known.links, message.id, write),
    };
    about.set(message.id, next);
    calls.push(...changeCall(storage, message, next, patch));
  }
  for (const message of inserted) {
    const at = storedAfter(storedAt.get(message.sessionId) ?? kept.storedAt.get(message.sessionId), message);
    storedAt.set(message.sessionId, at);
    const event = write.events?.find((event) => event.type === 'message' && event.messageId === message.id);
    const next: AboutMessage = {
      storedAt: at,
      origin: event?.origin,
      dedupe: write.dedupe,
      links: linksAfter([], message.id, write),
    };
    about.set(message.id, next);
    const method = message.audience === 'team' ? 'saveNote' : 'saveMessage';
    const { sessionId } = message;
    if (!storage[method]) continue;
    const record = messageRecord(message, next);
    calls.push({ method, sessionId, run: () => storage[method]?.(sessionId, record) });
  }
  return {
    calls,
    note: () => {
      for (const [id, next] of about) kept.aboutOf.set(id, next);
      for (const [id, at] of storedAt) kept.storedAt.set(id, at);
    },
  };
};

/** Messages that were here before the commit and that it patches, or whose links it changes. */
const changedMessages = (
  rows: MemoryRows,
  write: WriteSet,
  updated: readonly Message[],
): Iterable<Message> => {
  const changed = new Map(updated.map((message) => [message.id, message]));
  const linked = new Set((write.links ?? []).map(({ messageId }) => messageId));
  for (const post of write.unlink ?? []) {
    for (const { messageId } of rows.links.ofPost(post)) linked.add(messageId);
  }
  for (const id of linked) {
    const message = rows.messages.get(id);
    if (message && !changed.has(id)) changed.set(id, message);
  }
  return changed.values();
};

const changeCall = (
  storage: Storage,
  message: Message,
  about: AboutMessage,
  patch: MessagePatch | undefined,
): Call[] => {
  const { id, sessionId } = message;
  // What was never handed over is not changed there, and what was removed there does not come again.
  if (message.audience === 'team' && !storage.saveNote) return [];
  if (message.deletedAt !== undefined && storage.deleteMessage) {
    if (patch?.deletedAt === undefined) return [];
    return [{ method: 'deleteMessage', sessionId, run: () => storage.deleteMessage?.(sessionId, id) }];
  }
  if (!storage.updateMessage) return [];
  const record = messageRecord(message, about);
  return [{ method: 'updateMessage', sessionId, run: () => storage.updateMessage?.(sessionId, record) }];
};

/** The newest event of the commit that says that the message changed. */
const changeOf = (
  { id }: Message,
  { events = [] }: WriteSet,
  seqBefore: Seq,
): Pick<AboutMessage, 'changed'> => {
  const index = events.findLastIndex(
    (event) =>
      (event.type === 'message_edited' || event.type === 'message_deleted') && event.messageId === id,
  );
  const type = events[index]?.type;
  return isChange(type) ? { changed: { seq: seqBefore + index + 1, type } } : {};
};

const isChange = (type: LogEvent['type'] | undefined): type is 'message_edited' | 'message_deleted' =>
  type === 'message_edited' || type === 'message_deleted';
