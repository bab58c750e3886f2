import type { Message, MessageLink } from '../model/index.js';
import type { Part } from '../ports/index.js';
import { type Lane, record } from './lane.js';
import { isHere, placeOf, postKey } from './links.js';
import { isCode } from './post.js';

/** Makes one post show what its message says now. */
export const editPost = async (
  lane: Lane,
  message: Message,
  link: MessageLink,
  part: Part,
): Promise<void> => {
  const { editing } = lane.platform.bridge;
  if (!editing || link.version >= message.version) return;
  const edit = (plain: boolean) =>
    twice(() =>
      lane.platform.call(placeOf(link), (signal) => editing.edit(placeOf(link), part, { plain, signal })),
    );
  try {
    await edit(false).catch((error: unknown) => {
      if (isCode(error, 'invalid')) return edit(true);
      throw error;
    });
  } catch (error) {
    // Without its post, or with text the platform refuses, there is nothing left to change.
    if (!isCode(error, 'message_gone') && !isCode(error, 'invalid')) throw error;
    lane.engine.logger.info(
      { err: error, bridge: link.bridge, messageId: message.id },
      'an edit is not shown',
    );
  }
  await record(lane, { links: [{ ...link, version: message.version }] });
};

/** Takes one post away. */
export const removePost = async (lane: Lane, link: MessageLink): Promise<void> => {
  const { editing } = lane.platform.bridge;
  if (!editing) return;
  try {
    await twice(() =>
      lane.platform.call(placeOf(link), (signal) => editing.remove(placeOf(link), { signal })),
    );
  } catch (error) {
    const lost = isCode(error, 'thread_gone') && !isHere(lane, link);
    if (!lost && !isCode(error, 'message_gone') && !isCode(error, 'invalid')) throw error;
    lane.engine.logger.info(
      { err: error, bridge: link.bridge, messageId: link.messageId },
      'a post is gone already',
    );
  }
  await record(lane, { unlink: [postKey(link)] });
};

/** Edits and removals are the same however often they are made: one of uncertain outcome is simply made again. */
export const twice = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    if (isCode(error, 'uncertain')) return call();
    throw error;
  }
};
