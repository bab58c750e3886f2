import type { AttachmentId, SessionId, VisitorId } from '@pocketping/protocol';
import { digest } from '../access/token.js';
import type { Engine } from '../engine.js';
import { newId, randomBytes } from '../ids.js';
import type { Attachment, Instant, Json, NewTask, TaskKey } from '../model/index.js';
import type { StateWrite } from '../ports/index.js';
import { safeFileName } from './file-name.js';
import { UNKNOWN_TYPE } from './sniff.js';

/** What is known of a file, whichever message it belongs to, if to any. */
export interface FileRecord extends Omit<Attachment, 'status' | 'source'> {
  readonly sessionId: SessionId;
  /** Who brings it; absent for one of the team's. */
  readonly visitorId?: VisitorId;
  /** `announced`: its bytes may come. `arrived`: they are there. `attached`: a message has it. */
  readonly status: 'announced' | 'arrived' | 'attached';
}

const SCOPE = 'attachment';

/** What is done for files by any node. */
export const FILES_QUEUE = 'files';
/** What is done for files by the nodes that have this bridge. */
export const bridgeFilesQueue = (bridge: string): string => `files/${bridge}`;

export const newAttachmentId = (at: Instant): AttachmentId => newId('attachment', at);
export const newKey = (): string => digest(String.fromCharCode(...randomBytes(32)));

/** A record with the version under which it may be changed; null when there is none. */
export const recordOf = async (
  { storage }: Engine,
  id: AttachmentId,
): Promise<{ record: FileRecord; version: number } | null> => {
  const entry = await storage.state(SCOPE, id);
  return entry && { record: entry.value as unknown as FileRecord, version: entry.version };
};

export const recordWrite = (record: FileRecord, ifVersion?: number): StateWrite => ({
  scope: SCOPE,
  key: record.id,
  value: record as unknown as Json,
  ...(ifVersion !== undefined && { ifVersion }),
});

export const noRecord = (id: AttachmentId, ifVersion?: number): StateWrite => ({
  scope: SCOPE,
  key: id,
  value: null,
  ...(ifVersion !== undefined && { ifVersion }),
});

export const attachmentOf = ({ id, file, key, name, mimeType, size }: FileRecord): Attachment => ({
  id,
  file,
  key,
  name,
  mimeType,
  size,
  status: 'ready',
});

const unusedKey = (id: AttachmentId): TaskKey => ({ queue: FILES_QUEUE, key: `unused/${id}` });

/** Removes a file that no message has taken by then. */
const unusedTask = (id: AttachmentId, runAt: Instant): NewTask => ({
  ...unusedKey(id),
  kind: 'unused',
  payload: { id },
  runAt,
});

export const isUsed = (id: AttachmentId): TaskKey => unusedKey(id);

/** Removes what the store has under these names. @param name tells such tasks apart */
export const removeTask = (name: string, files: readonly AttachmentId[]): NewTask => ({
  queue: FILES_QUEUE,
  key: `remove/${name}`,
  kind: 'remove',
  payload: { files: [...files] },
});

/** After so long what no message has taken is removed. */
const UNUSED_MS = 24 * 60 * 60_000;

/** What a commit writes so that the bytes of a file may come. @param version of the record that stands there, 0 for none */
export const announced = (
  about: Pick<FileRecord, 'id' | 'name' | 'size' | 'sessionId' | 'visitorId'>,
  at: Instant,
  version = 0,
): { state: StateWrite; task: NewTask } => {
  const { id, name } = about;
  const record: FileRecord = {
    ...about,
    file: id,
    key: newKey(),
    name: safeFileName(name, UNKNOWN_TYPE),
    mimeType: UNKNOWN_TYPE,
    status: 'announced',
  };
  return { state: recordWrite(record, version), task: unusedTask(id, at + UNUSED_MS) };
};

/** Bytes that have not become a message's within this time never will. */
const ATTEMPT_MS = 60 * 60_000;

/**
 * Names a place in the store for bytes that are about to come. Whatever happens from here on, they do not stay unless the commit that
 * needs them cancels `removal`.
 */
export const newPlace = async ({ log, clock }: Engine): Promise<{ file: AttachmentId; removal: TaskKey }> => {
  const at = clock.now();
  const file = newAttachmentId(at);
  const removal = removeTask(file, [file]);
  await log.commit({ at, tasks: [{ ...removal, runAt: at + ATTEMPT_MS }] });
  return { file, removal };
};

/** What a commit that deletes a message does about its files. */
export const letGoOf = (
  attachments: readonly Attachment[] | undefined,
): { tasks: NewTask[]; state: StateWrite[] } => ({
  tasks: (attachments ?? []).map(({ id, file }) => removeTask(id, [file])),
  state: (attachments ?? []).map(({ id }) => noRecord(id)),
});
