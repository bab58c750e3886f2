import type { Seq } from '@pocketping/protocol';
import type { LogEntry, LogEvent, Message } from '../model/index.js';
import type { Part } from '../ports/index.js';
import { isBuried } from './dead-letter.js';
import { isLastAttempt, resolved, verdictOn } from './doubt.js';
import { isTold } from './events.js';
import { jointPart } from './joint-post.js';
import { deliveredUpTo, isOfNoConcern, type Lane, record } from './lane.js';
import { firstNonce, isOutdated, linksHere, linksOf, newLink } from './links.js';
import { deliveryMark, postMessage } from './message.js';
import { isCode, postPart } from './post.js';
import { showReceiptsOf } from './receipts.js';

/** How many messages one post shows at most. */
const MOST = 50;
const PAGE = 100;
/** A message that has waited this long is part of a backlog. */
const BACKLOG_MS = 10_000;

/** Messages that are to be posted together, and the entry up to which nothing else is to be done. */
interface Batch {
  readonly messages: readonly Message[];
  readonly upTo: Seq;
  /** The entry before the first edit that these messages pass: it is made when they are there. */
  readonly heldAt: Seq | undefined;
}

/**
 * Posts a message that is not on the platform; in a backlog, or where the budget is nearly used up, together with those
 * that follow it. What to post is decided when the budget allows it: whatever was written, edited or deleted while this
 * waited is in it.
 * @returns false when it was there already
 */
export const postNext = async (lane: Lane, { event, message }: LogEntry): Promise<boolean> => {
  if (!message || (await isBuried(lane, message))) return false;
  const links = await linksHere(lane, message);
  if (links.length > 0) {
    // What it says now comes with its edit, further on: that changes what is there, and adds what is not.
    const outdated = lane.platform.bridge.editing && links.some(({ version }) => version < message.version);
    if (outdated) await record(lane, { ...deliveredUpTo(lane, event.seq), ...deliveryMark(lane, [message]) });
    else await postMessage(lane, event, message);
    return false;
  }
  await postSome(lane, event, message);
  return true;
};

const postSome = async (lane: Lane, event: LogEvent, message: Message): Promise<void> => {
  const waited = await lane.platform.turn(lane.thread);
  const joins = mayJoin(lane, message);
  if (!waited && !joins) return postMessage(lane, event, message, { inTurn: true });
  const { messages, upTo, heldAt } = await batchFrom(lane, joins ? MOST : 1);
  /** What is posted up to here passes the edits before it. */
  const pass = (seq: Seq) => {
    if (heldAt !== undefined && heldAt < seq) lane.heldAt ??= heldAt;
  };
  const moveTo = (seq: Seq) => {
    pass(seq);
    lane.position = seq;
  };
  const [first] = messages;
  if (!first) return moveTo(upTo);
  const { count, part } = await fitting(lane, messages);
  if (!part) {
    pass(first.seq);
    return postAlone(lane, event, first, true);
  }
  const shared = messages.slice(0, count);
  const last = shared.at(-1) as Message;
  try {
    const nonce = firstNonce(lane, first) ?? `${lane.thread.threadId}/${first.id}/${last.id}`;
    const { ref } = await postPart(lane, part, { nonce, inTurn: true, of: first.id });
    moveTo(count < messages.length ? last.seq : upTo);
    await record(lane, {
      ...deliveredUpTo(lane, lane.position),
      ...deliveryMark(lane, shared),
      links: shared.map((one) => newLink(lane, one, ref, 0)),
      state: resolved(lane),
    });
    await showReceiptsOf(lane, shared);
  } catch (error) {
    if (!isCode(error, 'invalid')) throw error;
    // One of them is what the platform refuses: alone, it shows which.
    lane.alone = true;
    pass(first.seq);
    await postAlone(lane, event, first, false);
  }
};

const postAlone = async (lane: Lane, event: LogEvent, message: Message, inTurn: boolean): Promise<void> => {
  await postMessage(lane, { ...event, seq: message.seq }, message, { inTurn });
  lane.position = message.seq;
};

/** A post of several messages has no nonce that a later attempt could find again, so it needs a platform without `reconcile`. */
const mayJoin = (lane: Lane, message: Message): boolean => {
  const { alone, engine, platform, thread } = lane;
  if (alone || isLastAttempt(lane, message.id) || verdictOn(lane, message)) return false;
  return (
    !platform.bridge.reconcile &&
    (platform.isPressed(thread) || engine.clock.now() - message.createdAt >= BACKLOG_MS)
  );
};

/** From the lane's position on: messages to post, up to the first entry that wants something else. */
const batchFrom = async (lane: Lane, most: number): Promise<Batch> => {
  const entries = await lane.engine.storage.events(lane.session.id, { after: lane.position, limit: PAGE });
  const messages: Message[] = [];
  let upTo = lane.position;
  let heldAt: Seq | undefined;
  for (const { event, message } of entries) {
    const passed =
      isOfNoConcern(lane, event) || (event.type === 'custom_event' && (await isTold(lane, event.seq)));
    if (!passed && message && event.type === 'message') {
      const isPosted = message.deletedAt === undefined && (await linksHere(lane, message)).length > 0;
      if (message.deletedAt === undefined && !isPosted) {
        // One with files has posts of its own.
        if (messages.length === most || (message.attachments && messages.length > 0)) break;
        messages.push(message);
        if (message.attachments) {
          upTo = event.seq;
          break;
        }
      }
    } else if (!passed && !(message && (await isFolded(lane, messages, message)))) {
      const isLate = most > 1 && message && event.type === 'message_edited' && (await isShown(lane, message));
      if (!isLate) break;
      if (await isOutdated(lane, message)) heldAt ??= upTo;
    }
    upTo = event.seq;
  }
  return { messages, upTo, heldAt };
};

/**
 * Whether the platform shows a message, in some version: its edit changes what stands above, whatever is posted meanwhile.
 * Where posts cannot be changed, an edit is a post of its own and has its place among the others.
 */
const isShown = async (lane: Lane, message: Message): Promise<boolean> =>
  lane.platform.bridge.editing !== undefined &&
  message.deletedAt === undefined &&
  (await linksHere(lane, message)).length > 0;

/** An edit or a deletion of what is not on the platform yet: the post will be made of what the message says now. */
const isFolded = async (lane: Lane, batch: readonly Message[], message: Message): Promise<boolean> => {
  if (batch.some(({ id }) => id === message.id)) return true;
  if (message.deletedAt === undefined || message.seq <= lane.position) return false;
  return (await linksOf(lane, message)).length === 0;
};

/** As many of the messages, from the first on, as fit into one post; no part when that is only the first. */
const fitting = async (
  lane: Lane,
  messages: readonly Message[],
): Promise<{ count: number; part: Part | null }> => {
  for (let count = messages.length; count > 1; count = Math.ceil(count / 2)) {
    const part = await jointPart(lane, messages.slice(0, count));
    if (part) return { count, part };
    if (count === 2) break;
  }
  return { count: 1, part: null };
};
