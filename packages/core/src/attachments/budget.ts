import type { VisitorId } from '@pocketping/protocol';
import type { Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { Instant, Json } from '../model/index.js';
import type { StateWrite } from '../ports/index.js';
import type { Files } from './files.js';

const SCOPE = 'uploads';
const WINDOW_MS = 24 * 60 * 60_000;

/** What a visitor has brought since. */
interface Spent {
  readonly since: Instant;
  readonly bytes: number;
  readonly files: number;
}

/** The write that counts one more file of a visitor's, whichever node it comes to. @throws `rate_limited` */
export const spendUpload = async (
  { storage, clock }: Engine,
  { perVisitor }: Files,
  visitorId: VisitorId,
  size: number,
): Promise<StateWrite> => {
  const now = clock.now();
  const entry = await storage.state(SCOPE, visitorId);
  const known = entry?.value as unknown as Spent | undefined;
  const spent = known && now - known.since < WINDOW_MS ? known : { since: now, bytes: 0, files: 0 };
  const value: Spent = { since: spent.since, bytes: spent.bytes + size, files: spent.files + 1 };
  if (value.bytes > perVisitor.bytes || value.files > perVisitor.files) {
    throw new PocketPingError(
      'rate_limited',
      `A visitor may bring ${perVisitor.files} files and ${perVisitor.bytes} bytes a day.`,
      { retryAfterMs: spent.since + WINDOW_MS - now },
    );
  }
  return { scope: SCOPE, key: visitorId, value: value as unknown as Json, ifVersion: entry?.version ?? 0 };
};
