import type { BridgeError } from '../errors.js';
import type { Message, MessageLink } from '../model/index.js';
import type { Part } from '../ports/index.js';
import { resolved, wasNeverConfirmed } from './doubt.js';
import { type Lane, record } from './lane.js';
import { isHere, placeOf, postKey } from './links.js';
import { isCode } from './post.js';
import { untilConfirmed } from './repeating.js';
import { inSteps, noteSteps } from './steps.js';

/** Makes one post show what its message says now. */
export const editPost = async (
  lane: Lane,
  message: Message,
  link: MessageLink,
  part: Part,
): Promise<void> => {
  const { editing } = lane.platform.bridge;
  if (!editing || link.version >= message.version) return;
  // A file stays as it is.
  if (part.file) return void (await record(lane, { links: [{ ...link, version: message.version }] }));
  const edit = (plain: boolean) =>
    lane.platform.call(placeOf(link), (signal) => editing.edit(placeOf(link), part, { plain, signal }));
  try {
    await untilConfirmed(lane, stepOf(message, link), () =>
      edit(false).catch((error: unknown) => {
        if (isCode(error, 'invalid')) return edit(true);
        throw error;
      }),
    );
  } catch (error) {
    if (isCode(error, 'invalid')) return tellOfRefusal(lane, message, link, error);
    if (!isCode(error, 'message_gone')) throw error;
    lane.engine.logger.info(
      { err: error, bridge: link.bridge, messageId: message.id },
      'an edit is not shown',
    );
  }
  await record(lane, { links: [{ ...link, version: message.version }], state: resolved(lane) });
};

/** The team goes on reading the old text, and should know. */
const tellOfRefusal = (
  lane: Lane,
  message: Message,
  link: MessageLink,
  error: BridgeError,
): Promise<void> => {
  lane.engine.logger.warn(
    { err: error, bridge: link.bridge, messageId: message.id },
    'the platform refuses an edit, or never confirms it; going on without it',
  );
  const whose = message.author.kind === 'visitor' ? 'The visitor' : (message.author.name ?? 'The team');
  const unconfirmed = wasNeverConfirmed(error);
  const text = `${whose} changed a message, and the new text ${unconfirmed ? 'may not' : 'could not'} be shown here: ${error.message}`;
  const step = stepOf(message, link);
  const links = [{ ...link, version: message.version }];
  const note = { kind: 'notice', text } as const;
  return inSteps(lane, step, noteSteps(lane, note, step, { persistence: unconfirmed ? 'none' : 'some' }), {
    links,
  });
};

const stepOf = (message: Message, { part }: MessageLink): string =>
  `edit/${message.id}/${message.version}/${part}`;

/** Takes one post away, however long that takes: what was deleted must not stay. */
export const removePost = async (lane: Lane, link: MessageLink): Promise<void> => {
  const { editing } = lane.platform.bridge;
  if (!editing) return;
  try {
    await untilConfirmed(lane, undefined, () =>
      lane.platform.call(placeOf(link), (signal) => editing.remove(placeOf(link), { signal })),
    );
  } catch (error) {
    const lost = isCode(error, 'thread_gone') && !isHere(lane, link);
    if (!lost && !isCode(error, 'message_gone') && !isCode(error, 'invalid')) throw error;
    const about = { err: error, bridge: link.bridge, messageId: link.messageId };
    if (isCode(error, 'invalid'))
      lane.engine.logger.warn(about, 'the platform refuses to take a post away; it stays');
    else lane.engine.logger.info(about, 'a post is gone already');
  }
  await record(lane, { unlink: [postKey(link)], state: resolved(lane) });
};
