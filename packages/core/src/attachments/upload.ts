import type { AttachmentId, UploadCompleteRequest, UploadRequest } from '@pocketping/protocol';
import type { VisitorActor } from '../conversation/conversation.js';
import { commitRetrying, sessionEnded, sessionOf } from '../conversation/session-of.js';
import type { Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { Attachment, Instant } from '../model/index.js';
import type { DirectUpload, FileStore } from '../ports/index.js';
import { spendUpload } from './budget.js';
import { Measured, peek } from './bytes.js';
import type { Files } from './files.js';
import {
  announced,
  attachmentOf,
  type FileRecord,
  newAttachmentId,
  newPlace,
  recordOf,
  recordWrite,
  removeTask,
} from './register.js';
import { SNIFFED_BYTES, sniff, UNKNOWN_TYPE } from './sniff.js';

/** For how long the bytes of an announced file may begin to come to the store itself. */
const UPLOAD_MS = 15 * 60_000;

/** What a client is told of where its bytes go; `direct` where that is not through this server. */
export interface Announced {
  readonly attachmentId: AttachmentId;
  readonly direct?: DirectUpload;
  readonly expiresAt: Instant;
}

/** @throws `not_found` where no files are taken, `payload_too_large`, `rate_limited`, and as `sessionOf` does */
export const announce = async (
  engine: Engine,
  actor: VisitorActor,
  { sessionId, name, size }: UploadRequest,
): Promise<Announced> => {
  const files = filesHere(engine);
  if (size > files.maxBytes) throw tooLarge(files);
  const session = await sessionOf(engine, actor, sessionId);
  if (session.status === 'ended') throw sessionEnded(sessionId);
  const now = engine.clock.now();
  const id = newAttachmentId(now);
  const { state, task } = announced({ id, name, size, sessionId, visitorId: actor.id }, now);
  await commitRetrying(engine, async () => ({
    at: now,
    state: [await spendUpload(engine, files, actor.id, size), state],
    tasks: [task],
    expect: { token: actor.tokenHash, notBlocked: true },
  }));
  const expiresAt = now + UPLOAD_MS;
  const direct = await files.store.direct?.upload(id, { size, mimeType: UNKNOWN_TYPE }, expiresAt);
  return { attachmentId: id, expiresAt, ...(direct && { direct }) };
};

/**
 * Keeps the bytes of an announced file. Each attempt has a place of its own in the store, so that of two at the same time the one
 * that is looked at is the one that counts.
 * @throws `not_found`, `conflict` for a file that is there already, `payload_too_large` for more bytes than were announced,
 *   `validation_failed` for fewer, `unsupported_media_type` unless it may be `ofAnyKind`
 */
export const takeBytes = async (
  engine: Engine,
  actor: VisitorActor,
  id: AttachmentId,
  open: (maxBytes: number) => ReadableStream<Uint8Array>,
  { ofAnyKind = false } = {},
): Promise<void> => {
  const { store } = filesHere(engine);
  const found = await ownRecord(engine, actor, id);
  const { record } = found;
  if (record.status !== 'announced') throw alreadyThere(id);
  const { file, removal } = await newPlace(engine);
  try {
    const measured = new Measured();
    const tooMany = () =>
      new PocketPingError(
        'payload_too_large',
        `More bytes came than the ${record.size} that were announced.`,
      );
    const { head, whole } = await peek(measured.through(open(record.size), record.size, tooMany));
    const mimeType = (await sniff(head)) ?? (ofAnyKind ? UNKNOWN_TYPE : null);
    if (mimeType === null) throw unsupported(record);
    await store.write(file, whole, { size: record.size, mimeType });
    if (measured.passed < record.size) throw cutShort(record, measured.passed);
    const result = await engine.log.commit({
      at: engine.clock.now(),
      state: [recordWrite({ ...record, file, mimeType, status: 'arrived' }, found.version)],
      cancel: [removal],
      expect: { token: actor.tokenHash, notBlocked: true },
    });
    if (result.conflict !== undefined) throw alreadyThere(id);
  } catch (error) {
    await discard(engine, store, file);
    throw error;
  }
};

/**
 * The file is there, and is what it is. Harmless when it was asked before. @throws `not_found`, `conflict` when its bytes have not
 * come, `validation_failed` when they are not as many as were announced, `unsupported_media_type`
 */
export const complete = async (
  engine: Engine,
  actor: VisitorActor,
  { attachmentId: id }: UploadCompleteRequest,
): Promise<Attachment> => {
  const { store } = filesHere(engine);
  const found = await ownRecord(engine, actor, id);
  const { record } = found;
  if (record.status !== 'announced') return attachmentOf(record);
  const size = store.direct ? await store.size(record.file) : null;
  if (size === null)
    throw new PocketPingError(
      'conflict',
      `The bytes of ${id} have not arrived: send them to the uploadUrl first.`,
    );
  if (size !== record.size) throw cutShort(record, size);
  return adopt(engine, found.record, found.version);
};

/**
 * Takes what a client has brought to the store itself to a place that no client can write to: whoever has the address of the first one may
 * still bring other bytes there.
 */
const adopt = async (engine: Engine, record: FileRecord, version: number): Promise<Attachment> => {
  const { store } = filesHere(engine);
  const { file, removal } = await newPlace(engine);
  try {
    const mimeType = await keepApart(store, record, file);
    if (mimeType === null) throw unsupported(record);
    const size = (await store.size(file)) ?? 0;
    if (size !== record.size) throw cutShort(record, size);
    const arrived: FileRecord = { ...record, file, mimeType, status: 'arrived' };
    const now = engine.clock.now();
    const result = await engine.log.commit({
      at: now,
      state: [recordWrite(arrived, version)],
      cancel: [removal],
      tasks: [{ ...removeTask(`brought/${record.id}`, [record.file]), runAt: now + UPLOAD_MS }],
    });
    if (result.conflict === undefined) return attachmentOf(arrived);
  } catch (error) {
    await discard(engine, store, file);
    throw error;
  }
  // Another request for the same was faster.
  await discard(engine, store, file);
  const now = await recordOf(engine, record.id);
  if (now && now.record.status !== 'announced') return attachmentOf(now.record);
  throw new PocketPingError('conflict', `${record.id} has changed meanwhile. Ask again.`);
};

/** Judges the bytes that stay, not those that may still be replaced. @returns what they are; null for what is not taken */
const keepApart = async (
  store: FileStore,
  { file: from, size }: FileRecord,
  to: AttachmentId,
): Promise<string | null> => {
  if (store.direct?.copy) {
    await store.direct.copy(from, to);
    const { head, whole } = await peek(await store.open(to, { first: 0, last: SNIFFED_BYTES - 1 }));
    await whole.cancel();
    return sniff(head);
  }
  const { head, whole } = await peek(await store.open(from));
  const mimeType = await sniff(head);
  if (mimeType === null) await whole.cancel();
  else await store.write(to, whole, { size, mimeType });
  return mimeType;
};

const discard = ({ logger }: Engine, store: FileStore, file: AttachmentId): Promise<void> =>
  store.remove(file).catch((err: unknown) => {
    logger.warn({ err, file }, 'what came of an upload could not be removed yet');
  });

/** @throws `not_found` where no files are taken */
export const filesHere = ({ files }: Engine): Files => {
  if (files) return files;
  throw new PocketPingError('not_found', 'This site takes no files.');
};

/** Somebody else's is as unknown as one that does not exist. */
const ownRecord = async (engine: Engine, actor: VisitorActor, id: AttachmentId) => {
  const found = await recordOf(engine, id);
  if (found && found.record.visitorId === actor.id) return found;
  throw new PocketPingError(
    'not_found',
    `There is no upload ${id} of this visitor. Announce the file again.`,
  );
};

export const tooLarge = ({ maxBytes }: Files): PocketPingError =>
  new PocketPingError('payload_too_large', `A file may have at most ${maxBytes} bytes.`, {
    details: { maxBytes },
  });

const cutShort = ({ id, size }: FileRecord, came: number): PocketPingError =>
  new PocketPingError(
    'validation_failed',
    `${size} bytes of ${id} were announced, and ${came} came. Send it again.`,
  );

const unsupported = ({ name }: FileRecord): PocketPingError =>
  new PocketPingError(
    'unsupported_media_type',
    `${name} is none of the kinds of files that are taken: pictures, sound, films, documents, text and archives.`,
  );

const alreadyThere = (id: AttachmentId): PocketPingError =>
  new PocketPingError('conflict', `The bytes of ${id} are there already. Announce another file.`);
