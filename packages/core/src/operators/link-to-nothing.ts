import type { MessageLink } from '../model/index.js';
import type { MessageRef } from '../ports/index.js';
import type { Source } from './receive.js';
import { keyOf } from './reply.js';

/** The version of what was deleted: no later one can come. */
export const LAST_VERSION = Number.MAX_SAFE_INTEGER;

/** The version of a command: every edit of it is later, and none makes it a message. */
export const COMMAND_VERSION = 0;

/**
 * Links what stands there to nothing: a command, what was deleted, or the version of a message that was not delivered,
 * which a later one may be.
 */
export const linkToNothing = (
  source: Source,
  ref: MessageRef,
  version: number,
  sessionId = '',
): MessageLink => ({
  bridge: source.name,
  ...keyOf(ref),
  threadId: ref.threadId ?? '',
  sessionId,
  messageId: '',
  part: 0,
  direction: 'in',
  version,
});

/** Nothing of it was ever delivered, nor obeyed, and whoever wrote it was told so. */
export const isRefused = ({ messageId, version }: MessageLink): boolean =>
  messageId === '' && version !== COMMAND_VERSION && version !== LAST_VERSION;
