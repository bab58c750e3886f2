import { digest } from '../access/token.js';
import type { Message, MessageLink } from '../model/index.js';
import type { Note, Part, WriteSet } from '../ports/index.js';
import { resolved, wasNeverConfirmed } from './doubt.js';
import { drawn } from './drawn.js';
import { type Lane, record } from './lane.js';
import { isHere, linksOfPost, newLink, placeOf, postKey } from './links.js';
import { noteOf } from './message-note.js';
import { isCode } from './post.js';
import { untilConfirmed } from './repeating.js';

/** Of a message's links, the one whose post shows other messages too. */
export const jointOf = async (
  lane: Lane,
  links: readonly MessageLink[],
): Promise<MessageLink | undefined> => {
  for (const link of links) {
    const inPost = await linksOfPost(lane, link);
    if (inPost.some(({ messageId }) => messageId !== link.messageId)) return link;
  }
  return undefined;
};

/** Several messages as one part; null when they need more than that, or when the bridge cannot render one of them. */
export const jointPart = async (lane: Lane, messages: readonly Message[]): Promise<Part | null> => {
  const notes = await Promise.all(
    messages.map((message) =>
      noteOf(lane, message, { edited: message.editedAt !== undefined, beside: true }),
    ),
  );
  const [only] = notes;
  const note: Note =
    notes.length === 1 && only ? only.note : { kind: 'messages', messages: notes.map((each) => each.note) };
  const parts = partsOf(lane, note);
  return parts.length === 1 ? (parts[0] as Part) : null;
};

/** Each on its own shows which of them cannot be rendered. */
const partsOf = (lane: Lane, note: Note): readonly Part[] => {
  try {
    return drawn(lane, note);
  } catch (error) {
    if (!isCode(error, 'invalid')) throw error;
    return [];
  }
};

/**
 * Makes a shared post show what its messages say now, without those that were deleted and without `leaving`; with
 * nothing left it goes.
 * @returns false, having done nothing, when they no longer fit into one post, or when the platform refuses it
 */
export const rewriteJoint = async (
  lane: Lane,
  link: MessageLink,
  leaving: readonly Message[] = [],
): Promise<boolean> => {
  const { editing } = lane.platform.bridge;
  const links = await linksOfPost(lane, link);
  const shown = await Promise.all(links.map(({ messageId }) => lane.engine.storage.message(messageId)));
  const staying = shown
    .filter(
      (message) =>
        message !== null && message.deletedAt === undefined && !leaving.some(({ id }) => id === message.id),
    )
    .sort((a, b) => (a?.seq ?? 0) - (b?.seq ?? 0)) as Message[];
  const isCurrent = links.every(({ messageId, version }) =>
    staying.some((message) => message.id === messageId && message.version <= version),
  );
  if (isCurrent || !editing) return isCurrent;
  const part = staying.length > 0 ? await jointPart(lane, staying) : undefined;
  if (part === null) return false;
  const place = placeOf(link);
  const change = (plain: boolean) =>
    lane.platform.call(place, (signal) =>
      part ? editing.edit(place, part, { plain, signal }) : editing.remove(place, { signal }),
    );
  // What was deleted must not stay, however long that takes.
  const removes = [...shown, ...leaving].some((message) => message?.deletedAt !== undefined);
  const versions = staying.map(({ id, version }) => `${id}/${version}`);
  const of = removes ? undefined : digest(['joint', place.platformId, ...versions].join('/'));
  try {
    await untilConfirmed(lane, of, () =>
      change(false).catch((error: unknown) => {
        if (part && isCode(error, 'invalid')) return change(true);
        throw error;
      }),
    );
  } catch (error) {
    if (part && isCode(error, 'invalid') && !wasNeverConfirmed(error)) return false;
    const lost = isCode(error, 'thread_gone') && !isHere(lane, link);
    if (!lost && !isCode(error, 'message_gone') && !isCode(error, 'invalid')) throw error;
    lane.engine.logger.info({ err: error, bridge: link.bridge }, 'a change of a shared post is not shown');
  }
  await record(lane, { ...relinked(lane, link, staying), state: resolved(lane) });
  return true;
};

const relinked = (lane: Lane, link: MessageLink, messages: readonly Message[]): Partial<WriteSet> => ({
  unlink: [postKey(link)],
  links: messages.map((message) => ({
    ...newLink(lane, message, placeOf(link), 0),
    threadId: link.threadId,
  })),
});
