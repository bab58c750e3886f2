import type { ConnectResponse, Frame, WireMessage } from '@pocketping/protocol';
import { placed } from './from-site.js';
import type { OutboxEntry } from './kept.js';
import { type ChatState, emptyConversation } from './state.js';

/** Both lists as one, sorted by `seq`; of two copies of a message the higher version stays. */
export function merge(known: readonly WireMessage[], incoming: readonly WireMessage[]): WireMessage[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of incoming) {
    const before = byId.get(message.id);
    if (!before || message.version >= before.version) byId.set(message.id, message);
  }
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

/** The conversation as the server has it, in place of whatever was shown. */
export function applyConnected(
  state: ChatState,
  response: ConnectResponse,
  welcomeMessage: string | undefined,
): Partial<ChatState> {
  const { sessionId, messages, hasMore, read, operatorOnline, status, uploads } = response;
  return {
    ...emptyConversation,
    prompts: placed(state, response),
    ...{ sessionId, messages, hasMore, read, uploads },
    presence: { online: operatorOnline },
    welcomeMessage: response.welcomeMessage ?? welcomeMessage,
    closed: status === 'closed' ? 'team' : undefined,
  };
}

/** An accepted message stands in the conversation before the log brings it. */
export function applyAccepted(
  { messages, sessionId }: ChatState,
  { content, clientMessageId, replyTo, attachments }: OutboxEntry,
  sent: NonNullable<OutboxEntry['sent']>,
): Partial<ChatState> {
  if (sent.sessionId !== sessionId || messages.some((message) => message.id === sent.id)) return {};
  const message = {
    ...sent,
    content,
    clientMessageId,
    sender: 'visitor',
    version: 1,
    ...(replyTo && { replyTo }),
    ...(attachments && { attachments }),
  } as const;
  return { messages: merge(messages, [message]), closed: undefined };
}

/** What a frame changes in the conversation. Applying it twice, or late, changes nothing more. */
export function applyFrame(state: ChatState, frame: Frame): Partial<ChatState> {
  switch (frame.type) {
    case 'message':
      return {
        messages: merge(state.messages, [frame.data]),
        closed: undefined,
        ...(frame.data.sender === 'visitor' ? {} : { typing: undefined }),
      };
    case 'message_edited':
    case 'message_deleted':
      return isBeforeFirstPage(state, frame.data) ? {} : { messages: merge(state.messages, [frame.data]) };
    case 'read': {
      const { by, status, upTo } = frame.data;
      const read = { ...state.read };
      if (by === 'visitor') {
        if (status === 'read') read.visitorRead = Math.max(read.visitorRead, upTo);
      } else {
        // What was read has also been delivered.
        read.operatorDelivered = Math.max(read.operatorDelivered, upTo);
        if (status === 'read') read.operatorRead = Math.max(read.operatorRead, upTo);
      }
      return { read };
    }
    case 'session_closed':
      return { closed: frame.data.ended ? 'visitor' : 'team', typing: undefined };
    case 'presence':
      return { presence: frame.data };
    default:
      return {};
  }
}

/** A change to a message that was never loaded: paging back will bring it as it is then. */
const isBeforeFirstPage = (state: ChatState, message: WireMessage): boolean => {
  const oldest = state.messages[0];
  return state.hasMore && oldest !== undefined && message.seq < oldest.seq;
};
