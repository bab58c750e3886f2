import type { MessageLink } from '../model/index.js';
import type { MessageRef } from '../ports/index.js';
import type { Source } from './receive.js';
import { keyOf } from './reply.js';

/** The version of what was deleted: no later one can come. */
export const LAST_VERSION = Number.MAX_SAFE_INTEGER;

/** Links what stands there to nothing: it is no message, and no later version makes it one. */
export const linkToNothing = (source: Source, ref: MessageRef, version: number): MessageLink => ({
  bridge: source.name,
  ...keyOf(ref),
  threadId: ref.threadId ?? '',
  sessionId: '',
  messageId: '',
  part: 0,
  direction: 'in',
  version,
});
