import { randomUUID } from 'node:crypto';
import type { Changes } from './changes.js';
import { SlackApiError } from './errors.js';
import type { Files } from './files.js';
import { newTs, type WorkspaceState } from './state.js';
import type { SlackEvent, StoredChannel, StoredMessage, StoredUser } from './types.js';
import { isTopLevel, type Place, repliesTo, toMessage } from './wire.js';

/** What a message begins as; where it stands is found out. */
export type Draft = Omit<StoredMessage, 'ts' | 'threadTs'> & { readonly threadTs?: string | undefined };

/** One channel: what is done there, and what the app is told of it. */
export class Room implements Place {
  constructor(
    readonly state: WorkspaceState,
    readonly channel: StoredChannel,
    readonly changes: Changes,
    private readonly now: () => number,
    private readonly emit: (event: SlackEvent) => void,
    readonly files: Files,
  ) {}

  /** A message that exists, tombstones aside. */
  message(ts: string): StoredMessage | undefined {
    const message = this.channel.messages.get(ts);
    return message?.deleted ? undefined : message;
  }

  /** Messages of the channel's own flow, oldest first: what was deleted has left a place only where it began a thread. */
  topLevel(): StoredMessage[] {
    return [...this.channel.messages.values()].filter((one) => isTopLevel(one) && one.deleted !== 'gone');
  }

  /**
   * Posts a message. One for a thread whose first message is gone stands in the channel's own flow, and nobody is told.
   * @see https://github.com/slack-go/slack/issues/1571
   */
  post({ threadTs: asked, ...draft }: Draft): StoredMessage {
    const target = asked === undefined ? undefined : this.channel.messages.get(asked);
    const root = target && target.deleted !== 'gone' ? (target.threadTs ?? target.ts) : undefined;
    const message: StoredMessage = {
      ...draft,
      ts: newTs(this.state, this.now()),
      ...(root === undefined ? {} : { threadTs: root }),
    };
    this.#keep(message);
    if (root !== undefined) this.#tellChanged(root);
    this.#tellApp(message.ts, toMessage(this, message), message.files ? { subtype: 'file_share' } : {});
    this.#mention(message);
    return message;
  }

  edit(
    message: StoredMessage,
    change: Pick<StoredMessage, 'text'> & Partial<StoredMessage>,
    by: string,
  ): StoredMessage {
    const ts = newTs(this.state, this.now());
    // The platform tells when a message was edited to the second.
    const edited = { user: by, ts: `${ts.split('.')[0]}.000000` };
    const after: StoredMessage = { ...message, ...change, edited };
    const before = toMessage(this, message);
    this.#keep(after);
    this.#tellApp(ts, undefined, {
      subtype: 'message_changed',
      message: toMessage(this, after),
      previous_message: before,
      hidden: true,
    });
    return after;
  }

  /** What began a thread leaves a place for it. */
  remove(message: StoredMessage): void {
    const ts = newTs(this.state, this.now());
    const before = toMessage(this, message);
    const hasReplies = isTopLevel(message) && repliesTo(this, message.ts).length > 0;
    const after: StoredMessage = { ...message, deleted: hasReplies ? 'tombstone' : 'gone' };
    this.#keep(after);
    this.#tellChanged(message.threadTs);
    this.#tellApp(
      ts,
      undefined,
      hasReplies
        ? {
            subtype: 'message_changed',
            message: toMessage(this, after),
            previous_message: before,
            hidden: true,
          }
        : { subtype: 'message_deleted', deleted_ts: message.ts, previous_message: before, hidden: true },
    );
    const parent = this.channel.messages.get(message.threadTs ?? '');
    if (parent?.deleted === 'tombstone' && repliesTo(this, parent.ts).length === 0) {
      this.#keep({ ...parent, deleted: 'gone' });
    }
  }

  /** @throws SlackApiError `already_reacted` or `no_reaction` */
  react(message: StoredMessage, user: StoredUser, name: string, on: boolean): void {
    const users = message.reactions?.[name] ?? [];
    if (on === users.includes(user.id)) throw new SlackApiError(on ? 'already_reacted' : 'no_reaction');
    const now = on ? [...users, user.id] : users.filter((id) => id !== user.id);
    this.#keep({ ...message, reactions: { ...message.reactions, [name]: now } });
  }

  read(user: StoredUser, threadTs: string): void {
    const newest = repliesTo(this, threadTs).at(-1)?.ts ?? threadTs;
    const key = readKey(user.id, threadTs);
    if ((this.channel.reads.get(key) ?? '') >= newest) return;
    this.channel.reads.set(key, newest);
    this.changes.tell({ type: 'read', channelId: this.channel.id, threadTs, userId: user.id });
  }

  set(change: Partial<Pick<StoredChannel, 'isArchived' | 'hasBot'>>): void {
    Object.assign(this.channel, change);
    this.changes.tell({ type: 'channel', channelId: this.channel.id });
  }

  #keep(message: StoredMessage): void {
    this.channel.messages.set(message.ts, message);
    this.changes.tell({ type: 'message', channelId: this.channel.id, message });
  }

  /** Of what began a thread it is seen how many replies it has. */
  #tellChanged(ts: string | undefined): void {
    const message = this.channel.messages.get(ts ?? '');
    if (message) this.changes.tell({ type: 'message', channelId: this.channel.id, message });
  }

  #tellApp(ts: string, message: Record<string, unknown> | undefined, more: Record<string, unknown>): void {
    const { id, isPrivate, hasBot } = this.channel;
    if (!hasBot) return;
    const base = {
      type: 'message',
      channel: id,
      ts,
      event_ts: ts,
      channel_type: isPrivate ? 'group' : 'channel',
    };
    this.emit({ ...message, ...base, ...more });
  }

  /** @see https://docs.slack.dev/reference/events/app_mention */
  #mention(message: StoredMessage): void {
    const { userId, text, ts } = message;
    const { botUserId } = this.state.app;
    if (!this.channel.hasBot || userId === botUserId || !text.includes(`<@${botUserId}>`)) return;
    const whole = toMessage(this, message);
    this.emit({ ...whole, type: 'app_mention', channel: this.channel.id, ts, event_ts: ts });
  }
}

export const readKey = (userId: string, threadTs: string): string => `${userId}:${threadTs}`;

export const newClientMsgId = (): string => randomUUID();
