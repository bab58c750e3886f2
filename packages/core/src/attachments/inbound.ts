import type { MessageId, SessionId } from '@pocketping/protocol';
import type { Engine } from '../engine.js';
import type { Attachment, NewTask } from '../model/index.js';
import type { InboundFile } from '../ports/index.js';
import { safeFileName } from './file-name.js';
import { bridgeFilesQueue, newAttachmentId, newKey } from './register.js';
import { UNKNOWN_TYPE } from './sniff.js';

/** The files of a message of the team's, as they stand until their bytes have come. */
export const fetchedLater = (
  { clock }: Engine,
  bridge: string,
  files: readonly InboundFile[],
): Attachment[] =>
  files.map(({ ref, name, mimeType = UNKNOWN_TYPE, size = 0 }) => {
    const id = newAttachmentId(clock.now());
    return {
      id,
      file: id,
      key: newKey(),
      name: safeFileName(name, mimeType),
      mimeType: /^[\w.+-]+\/[\w.+-]+$/.test(mimeType) ? mimeType.toLowerCase() : UNKNOWN_TYPE,
      size,
      status: 'fetching',
      source: { bridge, ref },
    };
  });

/** Fetches all files of a message, one after the other. */
export const fetchTask = (bridge: string, sessionId: SessionId, messageId: MessageId): NewTask => ({
  queue: bridgeFilesQueue(bridge),
  key: `fetch/${messageId}`,
  kind: 'fetch',
  sessionId,
  payload: { messageId },
});
