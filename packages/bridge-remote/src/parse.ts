import type { Inbound, InboundCommand, InboundFile, MessageRef, Operator } from '@pocketping/core';
import type { TeamEvent } from '@pocketping/protocol';
import { type Copy, threadOf } from './refs.js';

/** What happens in a conversation, and is kept. */
export type TeamDeed = Exclude<TeamEvent, { type: 'ping' | 'operator_status' | 'operator_typing' }>;

export const isDeed = (event: TeamEvent): event is TeamDeed =>
  event.type !== 'ping' && event.type !== 'operator_status' && event.type !== 'operator_typing';

/**
 * What somebody of the team did, in the engine's words; undefined where it is over already. What they did to the
 * conversation itself is a command that nobody typed here.
 */
export const parse = (event: TeamDeed, origin: string, position: number): Inbound | undefined => {
  const base = { operator: operatorOf(event.operator), at: Date.parse(event.timestamp) };
  switch (event.type) {
    case 'operator_message':
      return messageIn(event, origin, base);
    case 'operator_message_edited':
      return editIn(event, origin, base);
    case 'operator_message_deleted':
      return { kind: 'delete', ...base, ref: refIn(event, origin, event.message.id) };
    default:
      return {
        kind: 'command',
        ...base,
        name: COMMANDS[event.type],
        args: '',
        implied: true,
        // It has no message. What a server that lost its data does later is not taken for this.
        ref: refIn(event, origin, `${event.type}/${position}/${event.timestamp}`),
      };
  }
};

const COMMANDS = {
  session_closed: 'close',
  visitor_messages_read: 'read',
  visitor_blocked: 'block',
  visitor_unblocked: 'unblock',
} as const;

/** Ids of people are unique on their own platform only. */
export const operatorOf = ({ id, name, via }: { id: string; name: string; via: string }): Operator => ({
  id: `${via}/${id}`,
  name,
});

interface Base {
  readonly operator: Operator;
  readonly at: number;
}

type Said = Extract<TeamDeed, { type: 'operator_message' | 'operator_message_edited' }>;

const messageIn = (event: Said, origin: string, base: Base): Inbound | undefined => {
  const { id, content, version, isNote } = event.message;
  const about = { ...base, ref: refIn(event, origin, id), ...answeredIn(event, origin) };
  if (isNote) return content === '' ? undefined : noteOf(about, event);
  const files = filesIn(event);
  // It was deleted since, or there is nothing left of it.
  if (content === '' && files.length === 0) return undefined;
  return { kind: 'message', ...about, content, version, ...(files.length > 0 && { files }) };
};

/** A private note is kept as one by the command that leaves it. */
const noteOf = (
  about: Base & { readonly ref: MessageRef; readonly replyTo?: MessageRef },
  { message: { content, attachments = [] } }: Said,
): InboundCommand => ({
  kind: 'command',
  ...about,
  name: 'note',
  args: content,
  implied: true,
  ...(attachments.length > 0 && { undeliverable: 'Files' }),
});

const editIn = (event: Said, origin: string, base: Base): Inbound | undefined => {
  const { id, content, version, isNote, timestamp } = event.message;
  const files = filesIn(event);
  if (content === '' && files.length === 0) return undefined;
  return {
    kind: 'edit',
    ...base,
    ref: refIn(event, origin, id),
    ...answeredIn(event, origin),
    content,
    version,
    sentAt: Date.parse(timestamp),
    ...(files.length > 0 && !isNote && { files }),
    ...(isNote && { command: { name: 'note', args: content } }),
  };
};

/** What could not be had from its platform is missing; whoever sent it was told so there. */
const filesIn = ({ message: { attachments = [] } }: Said): InboundFile[] =>
  attachments.flatMap(({ url, name, mimeType, size }) =>
    url === undefined ? [] : [{ ref: url, name, mimeType, size }],
  );

const refIn = (copy: Copy, origin: string, platformId: string): MessageRef => ({
  ...threadOf(origin, copy),
  platformId,
});

const answeredIn = (event: Said, origin: string): { replyTo?: MessageRef } => {
  const { replyTo } = event.message;
  return replyTo === undefined ? {} : { replyTo: refIn(event, origin, replyTo) };
};
