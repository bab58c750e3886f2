import type { LogEvent, Message, MessageLink, NewEvent } from '../model/index.js';
import type { MessageRef, Note, Part, WriteSet } from '../ports/index.js';
import { bury } from './dead-letter.js';
import { deliveredUpTo, type Lane, record } from './lane.js';
import { isCode, postPart } from './post.js';

/** A message that this bridge does not show yet. */
export const postMessage = async (lane: Lane, event: LogEvent, message: Message): Promise<void> => {
  const links = await linksOf(lane, message);
  if (links.some(({ direction }) => direction === 'in')) return;
  const { parts, replyTo } = await rendered(lane, message, false);
  const left = parts.slice(links.length);
  for (const [index, part] of left.entries()) {
    const number = links.length + index;
    const first = number === 0;
    try {
      const posted = await postPart(lane, part, {
        nonce: nonceOf(lane, message, number),
        ...(first && { replyTo }),
      });
      const last = number === parts.length - 1;
      await record(lane, {
        links: [linkOf(lane, message, posted, number)],
        ...(last && deliveredUpTo(lane, event.seq)),
        ...(last && deliveryMark(lane, message)),
      });
    } catch (error) {
      if (isCode(error, 'invalid')) return bury(lane, event, message, error);
      if (isCode(error, 'thread_gone')) await forgetPosts(lane, message);
      throw error;
    }
  }
};

/** The parts that went down with their thread: the whole message goes into its successor. */
const forgetPosts = async (lane: Lane, message: Message): Promise<void> => {
  const links = await linksOf(lane, message);
  if (links.length > 0) await record(lane, { unlink: links });
};

/** A message changed after this bridge posted it: every post shows what it says now. */
export const editPosts = async (lane: Lane, event: LogEvent, message: Message): Promise<void> => {
  const links = (await linksOf(lane, message)).filter(({ direction }) => direction === 'out');
  if (links.length === 0 || links.every(({ version }) => version >= message.version)) return;
  const { editing } = lane.platform.bridge;
  if (!editing) return repost(lane, event, message);
  const { parts } = await rendered(lane, message, true);
  for (const [number, part] of parts.entries()) {
    const link = links[number];
    if (link) await editPost(lane, message, link, part);
    else {
      const posted = await postPart(lane, part, { nonce: nonceOf(lane, message, number) });
      await record(lane, { links: [linkOf(lane, message, posted, number)] });
    }
  }
  for (const link of links.slice(parts.length)) await removePost(lane, link);
};

/** A message was deleted: so are its posts. */
export const removePosts = async (lane: Lane, message: Message): Promise<void> => {
  for (const link of await linksOf(lane, message)) await removePost(lane, link);
};

const editPost = async (lane: Lane, message: Message, link: MessageLink, part: Part): Promise<void> => {
  const { editing } = lane.platform.bridge;
  if (!editing || link.version >= message.version) return;
  const edit = (plain: boolean) =>
    lane.platform.call(lane.thread, (signal) => editing.edit(placeOf(lane, link), part, { plain, signal }));
  try {
    await twice(() => edit(false)).catch((error: unknown) => {
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

const removePost = async (lane: Lane, link: MessageLink): Promise<void> => {
  const { editing } = lane.platform.bridge;
  if (!editing) return;
  try {
    await twice(() =>
      lane.platform.call(lane.thread, (signal) => editing.remove(placeOf(lane, link), { signal })),
    );
  } catch (error) {
    if (!isCode(error, 'message_gone') && !isCode(error, 'invalid')) throw error;
    lane.engine.logger.info(
      { err: error, bridge: link.bridge, messageId: link.messageId },
      'a post is gone already',
    );
  }
  await record(lane, {
    unlink: [{ bridge: link.bridge, chatId: link.chatId, platformId: link.platformId }],
  });
};

/** Edits and removals are the same however often they are made: one of uncertain outcome is simply made again. */
const twice = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    if (isCode(error, 'uncertain')) return call();
    throw error;
  }
};

/** For a platform that cannot edit: the new text as a post of its own. */
const repost = async (lane: Lane, event: LogEvent, message: Message): Promise<void> => {
  const { parts, replyTo } = await rendered(lane, message, true);
  for (const [number, part] of parts.entries()) {
    const nonce = `${nonceOf(lane, message, number)}/${event.seq}`;
    const posted = await postPart(lane, part, { nonce, ...(number === 0 && { replyTo }) });
    await record(lane, { links: [linkOf(lane, message, posted, number)] });
  }
};

const rendered = async (
  lane: Lane,
  message: Message,
  edited: boolean,
): Promise<{ parts: Part[]; replyTo: MessageRef | undefined }> => {
  const target = message.replyTo === undefined ? null : await lane.engine.storage.message(message.replyTo);
  const quoted = target?.sessionId === message.sessionId && target.deletedAt === undefined ? target : null;
  const [link] = quoted ? await linksOf(lane, quoted) : [];
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
  return { parts: lane.platform.bridge.render(note), replyTo: link && placeOf(lane, link) };
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

const linkOf = (
  { thread, session }: Lane,
  message: Message,
  posted: MessageRef,
  part: number,
): MessageLink => ({
  bridge: thread.bridge,
  chatId: posted.chatId,
  platformId: posted.platformId,
  sessionId: session.id,
  messageId: message.id,
  part,
  direction: 'out',
  version: message.version,
});

const placeOf = ({ thread }: Lane, { chatId, platformId }: MessageLink): MessageRef => ({
  chatId,
  platformId,
  threadId: thread.threadId,
});

const nonceOf = ({ thread }: Lane, { id }: Message, part: number): string =>
  `${thread.threadId}/${id}/${part}`;
