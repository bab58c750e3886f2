import type { ServerResponse } from 'node:http';
import { streamEvents } from '../phone/events.js';
import type { SlackOperator } from './operator.js';
import type { Room } from './room.js';
import { personOf, type SlackSeen, seen, unreadIn } from './snapshot.js';
import { repliesTo } from './wire.js';

/** A message on one person's phone. */
export interface PhoneSlackMessage extends SlackSeen {
  /** Replies of others that this person has not seen. */
  readonly unread: number;
}

/** A thread, its first message at the head. */
export const threadFor = (room: Room, threadTs: string): SlackSeen[] => {
  const parent = room.channel.messages.get(threadTs);
  return parent ? [parent, ...repliesTo(room, threadTs)].map((message) => seen(room, message)) : [];
};

/** Server-sent events for one phone: `hello` with everything it needs to begin with, then each `message` as it changes. */
export function openStream(
  room: Room,
  { user }: SlackOperator,
  response: ServerResponse,
  closing: AbortSignal,
): void {
  const shown = (ts: string): PhoneSlackMessage | undefined => {
    const message = room.channel.messages.get(ts);
    return message && { ...seen(room, message), unread: unreadIn(room, ts, user.id) };
  };
  const hello = () => {
    const { state, channel } = room;
    return {
      team: state.team.name,
      channel: { id: channel.id, name: channel.name, isArchived: channel.isArchived },
      me: personOf(state, user.id),
      people: [...state.users.keys()].map((id) => personOf(state, id)),
      messages: room.topLevel().map(({ ts }) => shown(ts)),
    };
  };
  streamEvents(response, closing, (send) => {
    send('hello', hello());
    return room.changes.listen((change) => {
      if (!('channelId' in change) || change.channelId !== room.channel.id) return;
      if (change.type === 'channel') send('hello', hello());
      else if (change.type === 'message') send('message', shown(change.message.ts));
      else if (change.type === 'read' && change.userId === user.id) send('message', shown(change.threadTs));
    });
  });
}
