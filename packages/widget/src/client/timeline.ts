import type { Frame, WireMessage } from '@pocketping/protocol';
import type { ChatState } from './state.js';

/** Both lists as one, sorted by `seq`; of two copies of a message the higher version stays. */
export function merge(known: readonly WireMessage[], incoming: readonly WireMessage[]): WireMessage[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of incoming) {
    const before = byId.get(message.id);
    if (!before || message.version >= before.version) byId.set(message.id, message);
  }
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
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
