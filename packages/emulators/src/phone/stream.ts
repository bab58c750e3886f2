import type { ServerResponse } from 'node:http';
import type { Change } from '../telegram/changes.js';
import { shownIn } from '../telegram/content.js';
import { offeredCommands } from '../telegram/methods/commands.js';
import type { Operator } from '../telegram/operator.js';
import type { Room } from '../telegram/room.js';
import { listedTopic, person, phoneMessage } from '../telegram/snapshot.js';
import { helloFor } from './listing.js';

/** Milliseconds between two comments that keep idle connections from being cut. */
const HEARTBEAT_MS = 15_000;

/** Milliseconds after which a phone that lost the line tries again. */
const RETRY_MS = 700;

/** Bytes that may wait for a slow reader; then it is cut, and reconnects to a fresh `hello`. */
const BACKLOG_LIMIT = 4 * 1024 * 1024;

/**
 * Server-sent events for one phone: `hello` with everything its list needs, then `topic`, `message`, `action` and
 * `commands` as they happen.
 */
export function openStream(
  { room, closing }: { readonly room: Room; readonly closing: AbortSignal },
  { user }: Operator,
  response: ServerResponse,
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
  const sendTopic = (topicId: number): void => {
    const topic = room.chat.topics.get(topicId);
    if (topic) send('topic', listedTopic(room, topic, user.id));
  };
  const tell = (change: Change): void => {
    if ('chatId' in change && change.chatId !== room.chat.id) return;
    switch (change.type) {
      case 'message':
        send('message', phoneMessage(room, change.message));
        sendTopic(shownIn(room, change.message));
        break;
      case 'topic':
        sendTopic(change.topic.id);
        break;
      case 'action':
        send('action', {
          topicId: change.topicId,
          from: person(room.state, change.user.id),
          action: change.action,
        });
        break;
      case 'read':
        if (change.userId === user.id) sendTopic(change.topicId);
        break;
      case 'chat':
        send('hello', helloFor(room, user.id));
        break;
      case 'commands':
        send('commands', offeredCommands(room));
    }
  };
  send('hello', helloFor(room, user.id));
  const stop = room.changes.listen(tell);
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS).unref();
  const end = () => response.end();
  closing.addEventListener('abort', end);
  response.on('close', () => {
    stop();
    clearInterval(heartbeat);
    closing.removeEventListener('abort', end);
  });
}
