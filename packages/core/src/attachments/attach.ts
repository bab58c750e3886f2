import type { AttachmentId } from '@pocketping/protocol';
import type { VisitorActor } from '../conversation/conversation.js';
import type { Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { Attachment, TaskKey } from '../model/index.js';
import type { StateWrite } from '../ports/index.js';
import { attachmentOf, isUsed, noRecord, recordOf, recordWrite } from './register.js';

/** What a message that has files writes besides itself. */
export interface Attaching {
  readonly attachments: readonly Attachment[];
  readonly state: readonly StateWrite[];
  readonly cancel: readonly TaskKey[];
}

/** No entry ever has this version: the commit meets a conflict, unless it repeats an earlier one. */
const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Has a message take what the visitor has brought. Whether that is still to be had, the commit itself finds out: a repetition of a message
 * that has taken it is no mistake.
 */
export const attach = async (
  engine: Engine,
  actor: VisitorActor,
  ids: readonly AttachmentId[],
): Promise<Attaching> => {
  const found = await Promise.all(ids.map((id) => recordOf(engine, id)));
  const attachments: Attachment[] = [];
  const state: StateWrite[] = [];
  for (const [index, entry] of found.entries()) {
    const id = ids[index] as AttachmentId;
    const mayTake = entry?.record.visitorId === actor.id && entry.record.status === 'arrived';
    if (!mayTake) {
      state.push(noRecord(id, NEVER));
      continue;
    }
    attachments.push(attachmentOf(entry.record));
    state.push(recordWrite({ ...entry.record, status: 'attached' }, entry.version));
  }
  return { attachments, state, cancel: ids.map(isUsed) };
};

export const notToBeHad = (ids: readonly AttachmentId[]): PocketPingError =>
  new PocketPingError(
    'not_found',
    `Of ${ids.join(', ')} one is no completed upload of this visitor, or belongs to another message. Bring the file again.`,
  );
