import type { WireAttachment, WireMessage } from '@pocketping/protocol';
import {
  type ChatState,
  type DeliveryStatus,
  deliveryStatus,
  type Unsent,
  unsentStatus,
} from '../client/state.js';

/** A message as a row of the log. */
export interface MessageRow {
  /** The same before and after the server has the message, so that its row stays where it is. */
  key: string;
  /** The server's id; absent while unsent. */
  id?: string;
  sender: WireMessage['sender'];
  senderName?: string | undefined;
  content: string;
  attachments?: readonly WireAttachment[] | undefined;
  at: Date;
  /** Of the visitor's own messages. */
  status?: DeliveryStatus;
  edited: boolean;
  deleted: boolean;
  replyTo?: string | undefined;
  /** It begins or ends a group of messages from the same person in close succession. */
  starts: boolean;
  ends: boolean;
  /** The first one of its day. */
  newDay: boolean;
}

const GROUP_MS = 5 * 60_000;

/** The conversation as rows: what the server has, then what it does not have yet. */
export function rows(state: ChatState): MessageRow[] {
  const known = new Set(state.messages.map((message) => message.clientMessageId));
  const all = [
    ...withPrompts(state),
    ...state.unsent
      .filter((entry) => !known.has(entry.clientMessageId))
      .map((entry) => unsentRow(entry, state)),
  ];
  all.forEach((row, index) => {
    const before = all[index - 1];
    row.newDay = before?.at.toDateString() !== row.at.toDateString();
    row.starts = row.newDay || !continues(before!, row);
    row.ends = true;
    if (before && !row.starts) before.ends = false;
  });
  return all;
}

function withPrompts(state: ChatState): MessageRow[] {
  const shown = state.messages.map((message) => rowOf(message, state));
  state.prompts.forEach(({ content, at, after }, index) => {
    const row = {
      ...ungrouped,
      key: `prompt:${index}`,
      sender: 'operator',
      content,
      at: new Date(at),
    } as const;
    const next = state.messages.findIndex(({ seq }) => after !== undefined && seq > after);
    shown.splice(next < 0 ? shown.length : next + index, 0, row);
  });
  return shown;
}

const rowOf = (message: WireMessage, state: ChatState): MessageRow => ({
  ...message,
  ...ungrouped,
  key: message.clientMessageId ?? message.id,
  at: new Date(message.timestamp),
  ...(message.sender === 'visitor' && { status: deliveryStatus(message, state.read) }),
  edited: !!message.editedAt,
  deleted: !!message.deletedAt,
});

const unsentRow = (entry: Unsent, state: ChatState): MessageRow => ({
  ...entry,
  ...ungrouped,
  key: entry.clientMessageId,
  sender: 'visitor',
  at: new Date(entry.createdAt),
  status: unsentStatus(entry, state),
});

const ungrouped = { starts: true, ends: true, newDay: false, edited: false, deleted: false };

const continues = (before: MessageRow, row: MessageRow): boolean =>
  before.sender === row.sender &&
  before.senderName === row.senderName &&
  row.sender !== 'system' &&
  row.at.getTime() - before.at.getTime() < GROUP_MS &&
  // What was not sent stands for itself, with its buttons.
  before.status !== 'failed';
