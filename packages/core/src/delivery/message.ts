import type { LogEvent, Message, MessageLink, NewEvent } from '../model/index.js';
import type { MessageRef, Note, Part, WriteSet } from '../ports/index.js';
import { bury, isBuried, unbury } from './dead-letter.js';
import { editPost, placeOf, removePost } from './edit.js';
import { cardOf, deliveredUpTo, type Lane, record } from './lane.js';
import { isCode, postPart } from './post.js';

/** A message that this bridge does not show yet, or not all of it. */
export const postMessage = async (lane: Lane, event: LogEvent, message: Message): Promise<void> => {
  const links = await linksHere(lane, message);
  if (links.some(({ direction }) => direction === 'in')) return;
  const { parts, replyTo } = await rendered(lane, message, false);
  try {
    await postFrom(lane, message, parts, links.length, replyTo);
  } catch (error) {
    if (isCode(error, 'invalid')) return bury(lane, event, message, error);
    if (isCode(error, 'thread_gone')) await forgetPosts(lane, message);
    throw error;
  }
  await record(lane, { ...deliveredUpTo(lane, event.seq), ...deliveryMark(lane, message) });
};

/** A message changed after this bridge posted it: every post shows what it says now. */
export const editPosts = async (lane: Lane, event: LogEvent, message: Message): Promise<void> => {
  const links = (await linksHere(lane, message)).filter(({ direction }) => direction === 'out');
  if (links.length === 0) {
    if (!(await isBuried(lane, message))) return;
    await record(lane, { state: [unbury(lane, message)] });
    return postMessage(lane, event, message);
  }
  const shown = links.every(({ version }) => version >= message.version);
  const { parts, replyTo } = await rendered(lane, message, true);
  if (!lane.platform.bridge.editing) {
    // The new text as a post of its own; its links are newer than those of the old one.
    const fresh = links.filter(({ version }) => version >= message.version).length;
    if (fresh < parts.length) await postFrom(lane, message, parts, fresh, replyTo, `/${event.seq}`);
    return;
  }
  // An attempt may have ended between the change of the last old post and the first new one.
  if (shown && links.length === parts.length) return;
  for (const [number, part] of parts.slice(0, links.length).entries()) {
    await editPost(lane, message, links[number] as MessageLink, part);
  }
  try {
    await postFrom(lane, message, parts, links.length, undefined);
  } catch (error) {
    if (isCode(error, 'invalid')) return bury(lane, event, message, error);
    throw error;
  }
  for (const link of links.slice(parts.length)) await removePost(lane, link);
};

/** A message was deleted: so are its posts, those in threads that were given up too. */
export const removePosts = async (lane: Lane, message: Message): Promise<void> => {
  for (const link of await linksOf(lane, message)) await removePost(lane, link);
};

/** Posts the parts from a number on, and records each. */
const postFrom = async (
  lane: Lane,
  message: Message,
  parts: readonly Part[],
  first: number,
  replyTo: MessageRef | undefined,
  suffix = '',
): Promise<void> => {
  for (let number = first; number < parts.length; number++) {
    const nonce = `${lane.thread.threadId}/${message.id}/${number}${suffix}`;
    const posted = await postPart(lane, parts[number] as Part, { nonce, ...(number === 0 && { replyTo }) });
    await record(lane, { links: [linkOf(lane, message, posted, number)] });
  }
};

/** The parts that went down with their thread: the whole message goes into its successor. */
const forgetPosts = async (lane: Lane, message: Message): Promise<void> => {
  const links = await linksHere(lane, message);
  if (links.length > 0) await record(lane, { unlink: links });
};

const rendered = async (
  lane: Lane,
  message: Message,
  edited: boolean,
): Promise<{ parts: Part[]; replyTo: MessageRef | undefined }> => {
  const target = message.replyTo === undefined ? null : await lane.engine.storage.message(message.replyTo);
  const quoted = target?.sessionId === message.sessionId && target.deletedAt === undefined ? target : null;
  // Platforms answer natively within a thread only; what stands in a lost one is quoted.
  const [link] = quoted ? await linksHere(lane, quoted) : [];
  const note: Note = {
    kind: 'message',
    author: message.author,
    content: message.content,
    at: message.createdAt,
    edited,
    ...(quoted && {
      replyTo: { author: quoted.author, content: quoted.content, native: link !== undefined },
    }),
  };
  return { parts: lane.platform.bridge.render(note, cardOf(lane.session)), replyTo: link && placeOf(link) };
};

/** Once a visitor's message is on a platform, the visitor sees that it has been delivered. */
const deliveryMark = ({ session, thread }: Lane, message: Message): Partial<WriteSet> => {
  if (message.author.kind !== 'visitor' || message.seq <= session.operatorDeliveredSeq) return {};
  const event: NewEvent = {
    type: 'read',
    data: { by: 'operator', status: 'delivered', upTo: message.seq },
    actor: { kind: 'system', id: thread.bridge },
  };
  return { session: { id: session.id, advance: { operatorDeliveredSeq: message.seq } }, events: [event] };
};

const linksOf = ({ engine, thread }: Lane, message: Message): Promise<MessageLink[]> =>
  engine.storage.links({ bridge: thread.bridge, messageId: message.id });

const linksHere = async (lane: Lane, message: Message): Promise<MessageLink[]> =>
  (await linksOf(lane, message)).filter(({ threadId }) => threadId === lane.thread.threadId);

const linkOf = (
  { thread, session }: Lane,
  message: Message,
  posted: MessageRef,
  part: number,
): MessageLink => ({
  bridge: thread.bridge,
  chatId: posted.chatId,
  platformId: posted.platformId,
  threadId: thread.threadId,
  sessionId: session.id,
  messageId: message.id,
  part,
  direction: 'out',
  version: message.version,
});
