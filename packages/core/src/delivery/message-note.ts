import { linkTo } from '../attachments/open.js';
import type { Message } from '../model/index.js';
import type { MessageNote, MessageRef, NoteAttachment } from '../ports/index.js';
import type { Lane } from './lane.js';
import { linksHere, placeOf } from './links.js';

/** What a bridge is given of a message, and the post that it answers. `beside` others, it cannot answer natively. */
export const noteOf = async (
  lane: Lane,
  message: Message,
  { edited = false, beside = false } = {},
): Promise<{ note: MessageNote; replyTo: MessageRef | undefined }> => {
  const target = message.replyTo === undefined ? null : await lane.engine.storage.message(message.replyTo);
  const quoted = target?.sessionId === message.sessionId && target.deletedAt === undefined ? target : null;
  // Platforms answer natively within a thread only; what stands in a lost one is quoted.
  const [link] = quoted && !beside ? await linksHere(lane, quoted) : [];
  const note: MessageNote = {
    kind: 'message',
    author: message.author,
    content: message.content,
    ...attachmentsOf(lane, message),
    ...audienceOf(message),
    at: message.createdAt,
    edited,
    ...(quoted && {
      replyTo: {
        author: quoted.author,
        content: summaryOf(quoted),
        ...audienceOf(quoted),
        native: link !== undefined,
      },
    }),
  };
  return { note, replyTo: link && placeOf(link) };
};

const attachmentsOf = ({ engine }: Lane, { attachments }: Message): Pick<MessageNote, 'attachments'> => {
  if (!attachments || attachments.length === 0) return {};
  return {
    attachments: attachments.map((attachment): NoteAttachment => {
      const { id, name, mimeType, size, status } = attachment;
      const link = status === 'ready' ? linkTo(engine, attachment) : undefined;
      const about = { id, name, mimeType, size };
      return {
        ...about,
        status: status === 'ready' ? 'ready' : 'failed',
        ...(link !== undefined && { link }),
      };
    }),
  };
};

/** Said only of what is not for everybody. */
export const audienceOf = ({ audience }: Message): Pick<MessageNote, 'audience'> =>
  audience === 'team' ? { audience } : {};

/** What stands for a message where it is only mentioned. */
export const summaryOf = ({ content, attachments = [] }: Message): string =>
  content.trim() === '' ? attachments.map(({ name }) => `📎 ${name}`).join(', ') : content;
