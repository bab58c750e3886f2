import { emojiNamed } from './emoji.js';
import { visibleText } from './markup.js';
import { readingsOf, type SlackReading } from './reading.js';
import { readKey } from './room.js';
import type { WorkspaceState } from './state.js';
import type { Block, StoredMessage, StoredUser } from './types.js';
import { isTopLevel, namedIn, nameOf, type Place, repliesTo } from './wire.js';

export interface SlackPerson {
  readonly id: string;
  readonly name: string;
  readonly isBot: boolean;
}

/** A file as people see it. */
export interface SlackFile {
  readonly id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Its media type. */
  readonly type: string;
}

/** A message as people see it. */
export interface SlackSeen {
  readonly ts: string;
  /** The message that its thread began with; absent in the channel's own flow. */
  readonly threadTs?: string;
  readonly from: SlackPerson;
  /** Plain text. */
  readonly text: string;
  /** What was written, in the platform's own markup. */
  readonly markup: string;
  /** False: the markup is shown as it is. */
  readonly mrkdwn: boolean;
  /** What people read, and in their notification. */
  readonly readings: readonly SlackReading[];
  readonly blocks: readonly Block[];
  readonly metadata?: StoredMessage['metadata'];
  readonly files: readonly SlackFile[];
  readonly edited: boolean;
  readonly deleted: 'gone' | 'tombstone' | false;
  readonly reactions: readonly {
    readonly name: string;
    readonly emoji: string;
    readonly users: readonly string[];
  }[];
  readonly replies: number;
  /** Who wrote in the thread, the first ones. */
  readonly repliers: readonly SlackPerson[];
  readonly latestReply?: string;
}

export function seen(place: Place, message: StoredMessage): SlackSeen {
  const { state } = place;
  const replies = isTopLevel(message) ? repliesTo(place, message.ts) : [];
  const deleted = message.deleted ?? false;
  const { metadata } = message;
  return {
    ts: message.ts,
    ...(isTopLevel(message) ? {} : { threadTs: message.threadTs as string }),
    from: personOf(state, message.userId),
    text: deleted ? '' : visibleText(message, namedIn(state)),
    markup: deleted ? '' : message.text,
    mrkdwn: message.mrkdwn ?? true,
    readings: deleted ? [] : readingsOf(message, namedIn(state)),
    blocks: deleted ? [] : (message.blocks ?? []),
    ...(metadata && { metadata }),
    files: deleted
      ? []
      : (message.files ?? [])
          .filter(({ id }) => place.files.get(id))
          .map(({ id, name, title = name, size = 0, mimetype: type }) => ({
            id,
            name: title,
            size,
            type,
          })),
    edited: message.edited !== undefined,
    deleted,
    reactions: Object.entries(message.reactions ?? {})
      .filter(([, users]) => users.length > 0)
      .map(([name, users]) => ({ name, emoji: emojiNamed(name), users })),
    replies: replies.length,
    repliers: [...new Set(replies.map(({ userId }) => userId))].slice(0, 4).map((id) => personOf(state, id)),
    ...(replies.length > 0 && { latestReply: replies.at(-1)?.ts as string }),
  };
}

/** Replies of others in a thread since a person last looked. */
export function unreadIn(place: Place, threadTs: string, userId: string): number {
  const read = place.channel.reads.get(readKey(userId, threadTs)) ?? '';
  return repliesTo(place, threadTs).filter((one) => one.ts > read && one.userId !== userId).length;
}

export const personOf = (state: WorkspaceState, id: string): SlackPerson => {
  const user: StoredUser | undefined = state.users.get(id);
  return { id, name: user ? nameOf(user) : 'Slackbot', isBot: user?.isBot ?? false };
};
