import type { AttachmentId, BringAttachmentQuery, MessageId } from '@pocketping/protocol';
import { type OpenFile, openFile } from '../attachments/open.js';
import { announced, attachmentOf, recordOf } from '../attachments/register.js';
import { filesHere, takeBytes } from '../attachments/upload.js';
import { visitorActor } from '../conversation/authenticate.js';
import type { Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { Attachment } from '../model/index.js';
import { noToken } from './origin.js';
import { mirroredSession } from './session.js';

/**
 * Keeps a file of the backend's side, for a message to take. What is there already is not read again.
 * @param size as announced by whoever brings it @param open called once, for a stream that fails beyond so many bytes
 * @throws `not_found` where no files are kept, `session_not_found`, `payload_too_large`, `validation_failed` for fewer bytes than
 *   announced
 */
export const bringFile = async (
  engine: Engine,
  query: BringAttachmentQuery & { readonly size: number },
  open: (maxBytes: number) => ReadableStream<Uint8Array>,
): Promise<Attachment> => {
  const { maxBytes } = filesHere(engine);
  const { attachmentId: id, name, size } = query;
  if (size > maxBytes) {
    throw new PocketPingError('payload_too_large', `A file may have at most ${maxBytes} bytes here.`, {
      details: { maxBytes },
    });
  }
  const session = await mirroredSession(engine, query);
  const known = await recordOf(engine, id);
  if (known && known.record.sessionId !== session.id) throw taken(id);
  if (known && known.record.status !== 'announced') {
    if (known.record.size === size) return attachmentOf(known.record);
    throw new PocketPingError(
      'conflict',
      `${id} names a file of ${known.record.size} bytes already. Choose another id for one of ${size}.`,
    );
  }
  if (!known || known.record.size !== size) {
    const now = engine.clock.now();
    const { visitorId, id: sessionId } = session;
    const { state, task } = announced({ id, name, size, sessionId, visitorId }, now, known?.version);
    await engine.log.commit({ at: now, state: [state], tasks: [task] });
  }
  const actor = visitorActor(session.visitorId, noToken(session.visitorId));
  // Whoever has an API key is trusted as far as the team is: what nobody knows can be saved, and nothing else.
  await takeBytes(engine, actor, id, open, { ofAnyKind: true });
  const arrived = await recordOf(engine, id);
  if (!arrived) throw new PocketPingError('unavailable', 'The file is gone already; bring it again.');
  return attachmentOf(arrived.record);
};

const taken = (id: AttachmentId) =>
  new PocketPingError('conflict', `${id} names a file of another session. Choose another id.`);

/**
 * A file of a message of a mirrored session. @throws `not_found` when there is none or it could not be had; `unavailable` while it is
 * still on its way here from a messaging app
 */
export const fileOfMessage = async (
  engine: Engine,
  { origin, messageId, attachmentId }: { origin: string; messageId: MessageId; attachmentId: AttachmentId },
): Promise<OpenFile> => {
  const message = await engine.storage.message(messageId);
  if (message) await mirroredSession(engine, { sessionId: message.sessionId, origin });
  const attachment = message?.attachments?.find(({ id }) => id === attachmentId);
  if (!attachment || attachment.status === 'failed') {
    throw new PocketPingError(
      'not_found',
      `Message ${messageId} has no file ${attachmentId}, or it could not be had from where it was sent.`,
    );
  }
  if (attachment.status === 'fetching') {
    throw new PocketPingError('unavailable', 'The file is still on its way here. Ask again.', {
      retryAfterMs: 2000,
    });
  }
  return openFile(engine, attachmentId, { key: attachment.key });
};
