import { randomBytes } from 'node:crypto';
import { Changes } from '../telegram/changes.js';
import type { Clock } from '../telegram/clock.js';
import type { Cdn } from './cdn.js';
import type { Change } from './changes.js';
import { invited, type Permission } from './permissions.js';
import { byAge, instantOf, Snowflakes } from './snowflake.js';
import {
  ChannelType,
  type GuildState,
  MessageType,
  type StoredAttachment,
  type StoredChannel,
  type StoredMessage,
  type StoredThread,
  type StoredUser,
  type StoredWebhook,
} from './state.js';
import { channelObject, memberObject, messageObject, threadObject, userObject } from './wire.js';

export interface NewMessage extends Partial<Omit<StoredMessage, 'channelId' | 'authorId' | 'deleted'>> {
  readonly channelId: string;
  readonly authorId: string;
}

/** Tells the bot's gateway connection of an event. @see https://discord.com/developers/docs/events/gateway-events#receive-events */
export type Dispatch = (name: string, payload: object, cause?: 'people' | 'bot') => void;

/**
 * The server, and what happens in it. Every act here has its documented effect: who is told, what is unarchived, which
 * service messages appear. Who may do what is decided by who calls.
 */
export class Guild {
  readonly id: string;
  readonly name: string;
  readonly applicationId: string;
  readonly ownerId: string;
  readonly bot: StoredUser;
  readonly channels: Map<string, StoredChannel>;
  readonly threads: Map<string, StoredThread>;
  readonly messages: Map<string, StoredMessage>;
  readonly users: Map<string, StoredUser>;
  readonly webhooks: Map<string, StoredWebhook>;
  readonly changes = new Changes<Change>();
  readonly permissions = new Set<Permission>(invited);
  readonly #ids: Snowflakes;
  #dispatch: Dispatch = () => {};

  constructor(
    state: GuildState,
    readonly clock: Clock,
    readonly cdn: Cdn,
  ) {
    const { id, name, applicationId, ownerId, channels, threads, messages, users, webhooks } = state;
    const bot = users.get(state.botId);
    if (!bot) throw new Error('the bot is not on the server');
    this.id = id;
    this.name = name;
    this.applicationId = applicationId;
    this.ownerId = ownerId;
    this.bot = bot;
    this.channels = channels;
    this.threads = threads;
    this.messages = messages;
    this.users = users;
    this.webhooks = webhooks;
    this.#ids = new Snowflakes(state, clock);
  }

  /** From now on events go there. */
  connect(dispatch: Dispatch): void {
    this.#dispatch = dispatch;
  }

  newId(): string {
    return this.#ids.next();
  }

  addUser(username: string, displayName: string, bot: boolean): StoredUser {
    const user = { id: this.newId(), username, displayName, bot };
    this.users.set(user.id, user);
    this.changes.tell({ type: 'server' });
    return user;
  }

  /** Somebody, by the name that they are shown with. */
  userNamed(name: string, bot: boolean): StoredUser {
    const known = [...this.users.values()].find((user) => user.displayName === name && user.bot === bot);
    return known ?? this.addUser(name.toLowerCase().replace(/\W+/g, '.'), name, bot);
  }

  addChannel(name: string, type: StoredChannel['type'], requireTag = false): StoredChannel {
    const channel = { id: this.newId(), type, name, ...(requireTag && { requireTag }) };
    this.channels.set(channel.id, channel);
    this.changes.tell({ type: 'server' });
    this.#dispatch('CHANNEL_CREATE', channelObject(this, channel));
    return channel;
  }

  addWebhook(channelId: string, name: string): StoredWebhook {
    const token = randomBytes(51).toString('base64url');
    const webhook = { id: this.newId(), token, channelId, name };
    this.webhooks.set(webhook.id, webhook);
    this.changes.tell({ type: 'server' });
    return webhook;
  }

  removeWebhook(id: string): void {
    this.webhooks.delete(id);
    this.changes.tell({ type: 'server' });
  }

  thread(id: string): StoredThread | undefined {
    const thread = this.threads.get(id);
    return thread?.deleted ? undefined : thread;
  }

  message(id: string): StoredMessage | undefined {
    const message = this.messages.get(id);
    return message?.deleted ? undefined : message;
  }

  /** A file that somebody sent, as long as its message is there. */
  attachment(channelId: string, id: string): StoredAttachment | undefined {
    return this.messagesIn(channelId)
      .flatMap(({ attachments }) => attachments)
      .find((attachment) => attachment.id === id);
  }

  /** What stands in a channel or thread, oldest first. */
  messagesIn(channelId: string): StoredMessage[] {
    return [...this.messages.values()]
      .filter((message) => message.channelId === channelId && !message.deleted)
      .sort(byAge);
  }

  threadsIn(parentId: string): StoredThread[] {
    return [...this.threads.values()].filter((thread) => thread.parentId === parentId && !thread.deleted);
  }

  /** A message appears; one in an archived thread unarchives it. */
  post({ channelId, authorId, ...given }: NewMessage): StoredMessage {
    const thread = this.thread(channelId);
    if (thread?.archived) this.updateThread(thread, { archived: false });
    const message: StoredMessage = {
      type: MessageType.plain,
      content: '',
      embeds: [],
      attachments: [],
      flags: 0,
      reactions: {},
      id: this.newId(),
      ...given,
      channelId,
      authorId,
    };
    this.messages.set(message.id, message);
    this.#tell('MESSAGE_CREATE', message);
    return message;
  }

  edit(message: StoredMessage, change: Partial<StoredMessage>): StoredMessage {
    // Discord counts microseconds: no two versions of a message are of one instant.
    const editedAt = Math.max(this.clock.now(), (message.editedAt ?? instantOf(message.id)) + 1);
    const edited = { ...message, ...change, editedAt };
    this.messages.set(edited.id, edited);
    this.#tell('MESSAGE_UPDATE', edited);
    return edited;
  }

  remove(message: StoredMessage): void {
    const removed: StoredMessage = { ...message, deleted: true };
    this.messages.set(message.id, removed);
    this.cdn.forget(message.attachments);
    const { id, channelId, authorId } = message;
    this.#dispatch(
      'MESSAGE_DELETE',
      { id, channel_id: channelId, guild_id: this.id },
      this.#causeOf(authorId),
    );
    this.changes.tell({ type: 'message', message: removed });
  }

  /** Takes several messages of one channel away, of which bots are told at once. @see https://discord.com/developers/docs/events/gateway-events#message-delete-bulk */
  purge(channelId: string, messages: readonly StoredMessage[]): void {
    const removed = messages.map((message): StoredMessage => ({ ...message, deleted: true }));
    for (const message of removed) {
      this.messages.set(message.id, message);
      this.cdn.forget(message.attachments);
    }
    const ids = removed.map(({ id }) => id);
    this.#dispatch('MESSAGE_DELETE_BULK', { ids, channel_id: channelId, guild_id: this.id }, 'people');
    for (const message of removed) this.changes.tell({ type: 'message', message });
  }

  react(message: StoredMessage, emoji: string, userId: string, reacts: boolean): void {
    const others = (message.reactions[emoji] ?? []).filter((one) => one !== userId);
    const all = reacts ? [...others, userId] : others;
    const { [emoji]: _, ...rest } = message.reactions;
    const reacted = { ...message, reactions: all.length > 0 ? { ...rest, [emoji]: all } : rest };
    this.messages.set(message.id, reacted);
    this.changes.tell({ type: 'message', message: reacted });
  }

  /** In a text channel the thread is announced there; in a forum it begins with its first message. */
  createThread(parentId: string, ownerId: string, name: string, autoArchiveMinutes = 4320): StoredThread {
    const thread: StoredThread = {
      id: this.newId(),
      parentId,
      ownerId,
      name,
      autoArchiveMinutes,
      archived: false,
      locked: false,
      archiveChangedAt: this.clock.now(),
      deleted: false,
    };
    this.threads.set(thread.id, thread);
    this.#dispatch('THREAD_CREATE', { ...threadObject(this, thread), newly_created: true });
    if (this.channels.get(parentId)?.type === ChannelType.text) {
      const reference = { channelId: thread.id };
      this.post({
        channelId: parentId,
        authorId: ownerId,
        type: MessageType.threadCreated,
        content: name,
        reference,
      });
    }
    this.changes.tell({ type: 'thread', thread });
    return thread;
  }

  updateThread(
    thread: StoredThread,
    change: Partial<Pick<StoredThread, 'name' | 'archived' | 'locked' | 'autoArchiveMinutes'>>,
    byId: string = this.bot.id,
  ): StoredThread {
    const moved = change.archived !== undefined && change.archived !== thread.archived;
    const updated = {
      ...thread,
      ...change,
      ...(moved && { archiveChangedAt: this.clock.now() }),
    };
    this.threads.set(thread.id, updated);
    this.#dispatch('THREAD_UPDATE', threadObject(this, updated));
    if (updated.name !== thread.name) {
      this.post({
        channelId: thread.id,
        authorId: byId,
        type: MessageType.renamed,
        content: updated.name,
      });
    }
    this.changes.tell({ type: 'thread', thread: updated });
    return updated;
  }

  deleteThread(thread: StoredThread): void {
    const deleted = { ...thread, deleted: true };
    this.threads.set(thread.id, deleted);
    this.#dispatch('THREAD_DELETE', {
      id: thread.id,
      guild_id: this.id,
      parent_id: thread.parentId,
      type: ChannelType.publicThread,
    });
    this.changes.tell({ type: 'thread', thread: deleted });
  }

  typing(channelId: string, user: StoredUser): void {
    this.#dispatch('TYPING_START', {
      channel_id: channelId,
      guild_id: this.id,
      user_id: user.id,
      timestamp: Math.floor(this.clock.now() / 1000),
      member: { ...memberObject(), user: userObject(user) },
    });
    this.changes.tell({ type: 'typing', channelId, userId: user.id });
  }

  #tell(name: string, message: StoredMessage): void {
    const author = this.users.get(message.authorId);
    const payload = {
      ...messageObject(this, message),
      guild_id: this.id,
      ...(author && message.webhookId === undefined && { member: memberObject() }),
    };
    const isService = message.type !== MessageType.plain && message.type !== MessageType.reply;
    this.#dispatch(name, payload, isService ? 'bot' : this.#causeOf(message.authorId));
    this.changes.tell({ type: 'message', message });
  }

  #causeOf(authorId: string): 'people' | 'bot' {
    return this.users.get(authorId)?.bot === false ? 'people' : 'bot';
  }
}
