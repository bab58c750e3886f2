import type { LogEvent, Message, MessageLink } from '../model/index.js';
import type { MessageRef, Part, StateWrite, WriteSet } from '../ports/index.js';
import { buriedVersion, drawOrBury, isBuried, mayRise, postOrBury, unbury } from './dead-letter.js';
import { resolved } from './doubt.js';
import { editPost, removePost } from './edit.js';
import { jointOf, rewriteJoint } from './joint-post.js';
import { deliveredUpTo, type Lane, record } from './lane.js';
import { firstNonce, linksHere, linksOf, linksOfPost, newLink } from './links.js';
import { noteOf } from './message-note.js';
import { foundAgain, isCode, postPart } from './post.js';
import { showReceiptsOf } from './receipts.js';

/** A message that this bridge does not show yet, or not all of it, in posts of its own. */
export const postMessage = async (
  lane: Lane,
  event: LogEvent,
  message: Message,
  { inTurn = false, state = [] as readonly StateWrite[] } = {},
): Promise<void> => {
  const links = await linksHere(lane, message);
  if (links.some(({ direction }) => direction === 'in')) return;
  const { note, replyTo } = await noteOf(lane, message);
  const parts = await drawOrBury(lane, event, message, note);
  if (!parts) return;
  // It passed an edit that gave way, in an earlier run.
  if (lane.heldAt !== undefined && links.length >= parts.length) return;
  // Where posts cannot be changed, parts of an earlier text are no beginning of this one.
  const begun = lane.platform.bridge.editing
    ? links
    : links.filter(({ version }) => version >= message.version);
  if (begun.length >= parts.length) await findRest(lane, message, message.version);
  const isThere = await postOrBury(lane, event, message, async () => {
    try {
      await postFrom(lane, message, parts, { first: begun.length, replyTo, inTurn, appears: true });
    } catch (error) {
      if (isCode(error, 'thread_gone')) await forgetPosts(lane, message);
      throw error;
    }
  });
  if (!isThere) return;
  await record(lane, { ...deliveredUpTo(lane, event.seq), ...deliveryMark(lane, [message]), state });
  await showReceiptsOf(lane, [message]);
};

/** A message changed after this bridge posted it: every post shows what it says now. */
export const editPosts = async (lane: Lane, event: LogEvent, message: Message): Promise<void> => {
  const links = (await linksHere(lane, message)).filter(({ direction }) => direction === 'out');
  if (links.length === 0) {
    if (await mayRise(lane, message)) await retryPost(lane, event, message);
    return;
  }
  const joint = await jointOf(lane, links);
  if (!joint) return editOwn(lane, event, message, links);
  const own = links.filter((link) => link !== joint);
  if (own.length === 0 && (joint.version >= message.version || (await rewriteJoint(lane, joint)))) return;
  // The cursor moves when both the message's own posts and the shared one are right.
  const before = { ...event, seq: lane.position };
  await standAlone(lane, before, message, own);
  await leaveJoint(lane, before, joint, message);
};

/**
 * What no longer fits into a shared post, or is refused there, stands on its own now and leaves it; what else has changed
 * meanwhile, and may be the reason, goes with it.
 */
const leaveJoint = async (
  lane: Lane,
  event: LogEvent,
  joint: MessageLink,
  message: Message,
): Promise<void> => {
  // Where posts cannot be changed, what was said stands, and its new version below it.
  if (!lane.platform.bridge.editing || (await rewriteJoint(lane, joint, [message]))) return;
  const leaving = [message];
  for (const link of await linksOfPost(lane, joint)) {
    const other = await lane.engine.storage.message(link.messageId);
    if (!other || other.id === message.id || link.version >= other.version) continue;
    if (other.deletedAt !== undefined) continue;
    const own = (await linksHere(lane, other)).filter(({ platformId }) => platformId !== joint.platformId);
    await standAlone(lane, event, other, own);
    leaving.push(other);
  }
  if (!(await rewriteJoint(lane, joint, leaving))) await disband(lane, event, joint, leaving);
};

/**
 * Takes a shared post away that cannot be made to show what it should: what was deleted must not stay. What is left of it
 * stands on its own.
 */
const disband = async (
  lane: Lane,
  event: LogEvent,
  joint: MessageLink,
  leaving: readonly Message[],
): Promise<void> => {
  for (const { messageId } of await linksOfPost(lane, joint)) {
    const message = await lane.engine.storage.message(messageId);
    if (!message || message.deletedAt !== undefined || leaving.some(({ id }) => id === messageId)) continue;
    const own = (await linksHere(lane, message)).filter(({ platformId }) => platformId !== joint.platformId);
    await standAlone(lane, event, message, own);
  }
  await removePost(lane, joint);
};

/** Out of a shared post into posts of its own, unless an earlier run found that the platform refuses it. */
const standAlone = async (
  lane: Lane,
  event: LogEvent,
  message: Message,
  own: readonly MessageLink[],
): Promise<void> => {
  if ((await buriedVersion(lane, message)) === message.version) return;
  await editOwn(lane, event, message, own);
};

/** A message was refused, and now has another text, or is to be tried once more. */
export const retryPost = async (lane: Lane, event: LogEvent, message: Message): Promise<void> => {
  if (!(await isBuried(lane, message))) return;
  const state = [unbury(lane, message)];
  if (message.deletedAt === undefined) await postMessage(lane, event, message, { state });
  else await record(lane, { ...deliveredUpTo(lane, event.seq), state });
};

/**
 * A message was deleted: so are its posts, those in threads that were given up too.
 * @returns whether there was anything to take away
 */
export const removePosts = async (lane: Lane, event: LogEvent, message: Message): Promise<boolean> => {
  const links = lane.platform.bridge.editing ? await linksOf(lane, message) : [];
  for (const link of links) {
    if (link.direction === 'in' || !(await jointOf(lane, [link]))) await removePost(lane, link);
    else await leaveJoint(lane, { ...event, seq: lane.position }, link, message);
  }
  const buried = await isBuried(lane, message);
  if (links.length === 0 && !buried && lane.heldAt !== undefined) return false;
  await record(lane, {
    ...deliveredUpTo(lane, event.seq),
    ...(buried && { state: [unbury(lane, message)] }),
  });
  return links.length > 0;
};

/**
 * A message was deleted, or made shorter, before it was known how much of it is on the platform. An earlier run may have
 * posted one more part: what the platform finds again is recorded, so that the change, further on, takes it away.
 * @param version the newest one that may have been posted
 */
export const findRest = async (
  lane: Lane,
  message: Message,
  version: number,
): Promise<MessageLink | undefined> => {
  const { reconcile, editing } = lane.platform.bridge;
  const mayBeThere = lane.doubtful || lane.doubt?.call?.of === message.id;
  if (!mayBeThere || !reconcile || !editing) return undefined;
  const { length: number } = await linksHere(lane, message);
  const [nonce = '', ...earlier] = noncesOf(lane, { id: message.id, version }, number);
  const found = await foundAgain(lane, { nonce, earlier });
  if (!found) return undefined;
  lane.doubtful = false;
  const link = { ...newLink(lane, message, found.ref, number), version: version - found.age };
  await record(lane, { links: [link], state: resolved(lane) });
  return link;
};

/** Once visitors' messages are on a platform, the visitor sees that they have been delivered. */
export const deliveryMark = ({ session, thread }: Lane, messages: readonly Message[]): Partial<WriteSet> => {
  const upTo = messages.findLast(({ author }) => author.kind === 'visitor')?.seq ?? 0;
  if (upTo <= session.operatorDeliveredSeq) return {};
  return {
    session: { id: session.id, advance: { operatorDeliveredSeq: upTo } },
    events: [
      {
        type: 'read',
        data: { by: 'operator', status: 'delivered', upTo },
        actor: { kind: 'system', id: thread.bridge },
      },
    ],
  };
};

/** The posts that are a message's own show what it says now; further parts follow, and what is too many goes. */
const editOwn = async (
  lane: Lane,
  event: LogEvent,
  message: Message,
  links: readonly MessageLink[],
): Promise<void> => {
  const { note, replyTo } = await noteOf(lane, message, { edited: true });
  const parts = await drawOrBury(lane, event, message, note);
  if (!parts) return;
  const current = links.filter(({ version }) => version >= message.version).length;
  if (!lane.platform.bridge.editing) {
    // The new text as a post of its own; its links are newer than those of the old one.
    if (current >= parts.length) return;
    const how = { first: current, replyTo, suffix: `/${event.seq}` };
    const isThere = await postOrBury(lane, event, message, () => postFrom(lane, message, parts, how));
    if (isThere) await riseAgain(lane, message);
    return;
  }
  // An attempt may have ended between the change of the last old post and the first new one.
  if (current === links.length && links.length === parts.length) return;
  for (const [number, part] of parts.slice(0, links.length).entries()) {
    await editPost(lane, message, links[number] as MessageLink, part);
  }
  const first = links.length;
  if (!(await postOrBury(lane, event, message, () => postFrom(lane, message, parts, { first })))) return;
  const rest = first >= parts.length && (await findRest(lane, message, message.version));
  for (const link of [...links.slice(parts.length), ...(rest ? [rest] : [])]) await removePost(lane, link);
  await riseAgain(lane, message);
};

/** All of a message is on the platform: if it was a dead letter, it is none any more. */
const riseAgain = async (lane: Lane, message: Message): Promise<void> => {
  if (await isBuried(lane, message)) await record(lane, { state: [unbury(lane, message)] });
};

/** Of how many versions of a message it is asked whether an earlier run has posted them. */
const VERSIONS_ASKED_FOR = 4;

/** The names of the post that shows a part of a message: as it is now, and as it was before. */
const noncesOf = (
  { platform, thread }: Lane,
  { id, version }: Pick<Message, 'id' | 'version'>,
  number: number,
  suffix = '',
): string[] => {
  // Where posts cannot be changed, each version is a post of its own.
  const versions = platform.bridge.editing ? Math.min(VERSIONS_ASKED_FOR, version) : 1;
  return Array.from(
    { length: versions },
    (_, age) => `${thread.threadId}/${id}/${number}/${version - age}${suffix}`,
  );
};

/** Posts the parts from a number on, and records each. */
const postFrom = async (
  lane: Lane,
  message: Message,
  parts: readonly Part[],
  how: {
    first: number;
    replyTo?: MessageRef | undefined;
    suffix?: string;
    inTurn?: boolean;
    /** The message was not on the platform before. */
    appears?: boolean;
  },
): Promise<void> => {
  for (let number = how.first; number < parts.length; number++) {
    const [nonce = '', ...earlier] = noncesOf(lane, message, number, how.suffix);
    const { ref, age } = await postPart(lane, parts[number] as Part, {
      nonce: (how.appears && firstNonce(lane, message, number)) || nonce,
      earlier,
      replyTo: number === 0 ? how.replyTo : undefined,
      inTurn: number === how.first && how.inTurn === true,
      of: message.id,
    });
    const link = newLink(lane, message, ref, number);
    await record(lane, { links: [{ ...link, version: link.version - age }], state: resolved(lane) });
  }
};

/** The parts that went down with their thread: the whole message goes into its successor. */
const forgetPosts = async (lane: Lane, message: Message): Promise<void> => {
  const links = await linksHere(lane, message);
  if (links.length > 0) await record(lane, { unlink: links });
};
