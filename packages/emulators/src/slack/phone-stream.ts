import type { ServerResponse } from 'node:http';
import type { SlackOperator } from './operator.js';
import type { Room } from './room.js';
import { personOf, type SlackSeen, seen, unreadIn } from './snapshot.js';
import { repliesTo } from './wire.js';

/** Milliseconds between two comments that keep idle connections from being cut. */
const HEARTBEAT_MS = 15_000;

/** Milliseconds after which a phone that lost the line tries again. */
const RETRY_MS = 700;

/** Bytes that may wait for a slow reader; then it is cut, and reconnects to a fresh `hello`. */
const BACKLOG_LIMIT = 4 * 1024 * 1024;

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
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(`retry: ${RETRY_MS}\n\n`);
  const send = (event: string, content: unknown): void => {
    if (response.writableLength > BACKLOG_LIMIT) response.destroy();
    else response.write(`event: ${event}\ndata: ${JSON.stringify(content)}\n\n`);
  };
  const shown = (ts: string): PhoneSlackMessage | undefined => {
    const message = room.channel.messages.get(ts);
    return message && { ...seen(room, message), unread: unreadIn(room, ts, user.id) };
  };
  const hello = () => {
    const { state, channel } = room;
    send('hello', {
      team: state.team.name,
      channel: { id: channel.id, name: channel.name, isArchived: channel.isArchived },
      me: personOf(state, user.id),
      people: [...state.users.keys()].map((id) => personOf(state, id)),
      messages: room.topLevel().map(({ ts }) => shown(ts)),
    });
  };
  hello();
  const stop = room.changes.listen((change) => {
    if (!('channelId' in change) || change.channelId !== room.channel.id) return;
    if (change.type === 'channel') hello();
    else if (change.type === 'message') send('message', shown(change.message.ts));
    else if (change.type === 'read' && change.userId === user.id) send('message', shown(change.threadTs));
  });
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS).unref();
  const end = () => response.end();
  closing.addEventListener('abort', end);
  response.on('close', () => {
    stop();
    clearInterval(heartbeat);
    closing.removeEventListener('abort', end);
  });
}
