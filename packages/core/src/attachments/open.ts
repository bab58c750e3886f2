import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { AttachmentId } from '@pocketping/protocol';
import { isSameSecret } from '../access/same-secret.js';
import { base64url } from '../access/token.js';
import type { Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { Attachment, Instant } from '../model/index.js';
import type { ByteRange } from '../ports/index.js';
import { recordOf } from './register.js';
import { filesHere } from './upload.js';

/** What an address of a file says besides its id: its key, or until when it is good. */
export interface FileProof {
  readonly key?: string | undefined;
  readonly expires?: Instant | undefined;
  readonly signature?: string | undefined;
}

/** A file that may be read. */
export interface OpenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly size: number;
  bytes(range?: ByteRange): Promise<ReadableStream<Uint8Array>>;
  /** Where a client may read it without this server, for a few minutes, where the store has such addresses. */
  readonly url?: (serving: { contentType: string; contentDisposition: string }) => Promise<string>;
}

/** Links to files that the platforms do not take are good for so long. */
const LINK_MS = 7 * 24 * 60 * 60_000;
const DIRECT_MS = 5 * 60_000;
const utf8 = new TextEncoder();

const signatureOf = (key: string, id: AttachmentId, expires: Instant): string =>
  base64url(hmac(sha256, utf8.encode(key), utf8.encode(`${id}.${expires}`)));

/** Where people get a file for a week; undefined where the address of this server is not known. */
export const linkTo = ({ files, clock }: Engine, { id, key }: Attachment): string | undefined => {
  if (files?.publicUrl === undefined) return undefined;
  const expires = clock.now() + LINK_MS;
  return `${files.publicUrl}/files/${encodeURIComponent(id)}?expires=${expires}&signature=${signatureOf(key, id, expires)}`;
};

/** The file that an address names. @throws `not_found`, also for a proof that proves nothing: nobody learns which it was */
export const openFile = async (engine: Engine, id: AttachmentId, proof: FileProof): Promise<OpenFile> => {
  const { store } = filesHere(engine);
  const found = await recordOf(engine, id);
  if (!found || found.record.status === 'announced' || !isProven(found.record, proof, engine.clock.now()))
    throw gone();
  const { file, name, mimeType, size } = found.record;
  const { direct } = store;
  return {
    name,
    mimeType,
    size,
    bytes: (range) => store.open(file, range),
    ...(direct && { url: (serving) => direct.url(file, serving, engine.clock.now() + DIRECT_MS) }),
  };
};

/** The bytes of a message's file, for a bridge that posts it. */
export const bytesOf = async (engine: Engine, id: AttachmentId): Promise<ReadableStream<Uint8Array>> => {
  const found = await recordOf(engine, id);
  if (!found) throw gone();
  return filesHere(engine).store.open(found.record.file);
};

const isProven = ({ id, key }: Pick<Attachment, 'id' | 'key'>, proof: FileProof, now: Instant): boolean => {
  if (proof.key !== undefined) return isSameSecret(proof.key, key);
  const { expires, signature } = proof;
  if (expires === undefined || signature === undefined || !(expires > now)) return false;
  return isSameSecret(signature, signatureOf(key, id, expires));
};

const gone = () =>
  new PocketPingError('not_found', 'There is no such file, or this address of it is no longer good.');
