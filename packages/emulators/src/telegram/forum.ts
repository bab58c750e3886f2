import type { Changes } from './changes.js';
import type { FormattedText } from './entities.js';
import { badRequest } from './errors.js';
import { type Content, type EmulatorState, GENERAL, type StoredMessage, type StoredTopic } from './state.js';
import type { BotCommand, User } from './types.js';
import type { UpdateQueue } from './updates.js';
import { toMessage } from './wire.js';

/** The six colours a topic's icon may have. @see https://core.telegram.org/bots/api#createforumtopic */
export const ICON_COLORS = [0x6fb9f0, 0xffd67e, 0xcb86db, 0x8eee98, 0xff93b2, 0xfb6f5f] as const;

export interface PostOptions {
  readonly replyToId?: number | undefined;
}

export interface TopicOptions {
  readonly name: string;
  readonly iconColor?: number | undefined;
  readonly iconCustomEmojiId?: string | undefined;
}

/**
 * The group and what can happen in it, whoever does it: the bot through its API or a person with the phone. Every
 * act becomes state, a change that listeners hear of, and the updates that the platform would send to the bot.
 */
export class Forum {
  constructor(
    readonly state: EmulatorState,
    readonly changes: Changes,
    private readonly updates: UpdateQueue,
    private readonly now: () => number,
  ) {}

  get bot(): User {
    return this.state.bot;
  }

  /** A topic that was not deleted. */
  topic(id: number): StoredTopic | undefined {
    const topic = this.state.topics.get(id);
    return topic?.deleted ? undefined : topic;
  }

  /** A message that was not deleted. */
  message(id: number): StoredMessage | undefined {
    const message = this.state.messages.get(id);
    return message?.deleted ? undefined : message;
  }

  createTopic(by: User, options: TopicOptions): StoredTopic {
    const id = this.state.nextMessageId;
    const emoji =
      options.iconCustomEmojiId === undefined ? {} : { iconCustomEmojiId: options.iconCustomEmojiId };
    const icon = { iconColor: options.iconColor ?? ICON_COLORS[id % ICON_COLORS.length]!, ...emoji };
    const topic: StoredTopic = {
      id,
      name: options.name,
      ...icon,
      creatorId: by.id,
      date: this.#seconds(),
      closed: false,
      deleted: false,
    };
    this.#keepTopic(topic);
    this.post(by, id, { type: 'topic_created', name: topic.name, ...icon });
    return topic;
  }

  /** @throws ApiError TOPIC_NOT_MODIFIED */
  editTopic(by: User, topic: StoredTopic, edit: { name?: string; iconCustomEmojiId?: string }): void {
    const changed = Object.entries(edit).some(([key, value]) => topic[key as keyof typeof edit] !== value);
    if (!changed) throw badRequest('TOPIC_NOT_MODIFIED');
    this.#keepTopic({ ...topic, ...edit });
    this.post(by, topic.id, { type: 'topic_edited', ...edit });
  }

  /** @throws ApiError TOPIC_NOT_MODIFIED */
  setClosed(by: User, topic: StoredTopic, closed: boolean): void {
    if (topic.closed === closed) throw badRequest('TOPIC_NOT_MODIFIED');
    this.#keepTopic({ ...topic, closed });
    this.post(by, topic.id, { type: closed ? 'topic_closed' : 'topic_reopened' });
  }

  /** Deletes the topic with all its messages. The platform sends no update about it. */
  deleteTopic(topic: StoredTopic): void {
    for (const message of this.messagesOf(topic.id))
      this.state.messages.set(message.id, { ...message, deleted: true });
    this.#keepTopic({ ...topic, deleted: true });
  }

  post(by: User, topicId: number, content: Content, options: PostOptions = {}): StoredMessage {
    const message: StoredMessage = {
      id: this.state.nextMessageId++,
      topicId,
      fromId: by.id,
      date: this.#seconds(),
      ...(options.replyToId === undefined ? {} : { replyToId: options.replyToId }),
      content,
    };
    this.#keepMessage(message);
    if (!by.is_bot || isService(content)) this.updates.push('message', toMessage(this.state, message));
    return message;
  }

  /** @throws ApiError if nothing would change */
  edit(message: StoredMessage, content: Content): StoredMessage {
    if (JSON.stringify(message.content) === JSON.stringify(content))
      throw badRequest(
        'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      );
    const edited = { ...message, content, editDate: this.#seconds() };
    this.#keepMessage(edited);
    if (message.fromId !== this.bot.id) this.updates.push('edited_message', toMessage(this.state, edited));
    return edited;
  }

  /** Deletes a message. The platform sends no update about it. */
  remove(message: StoredMessage): void {
    this.#keepMessage({ ...message, deleted: true });
  }

  react(by: User, message: StoredMessage, emoji: string | undefined): void {
    const { [by.id]: _previous, ...others } = message.reactions ?? {};
    this.#keepMessage({
      ...message,
      reactions: emoji === undefined ? others : { ...others, [by.id]: emoji },
    });
  }

  /** "typing…" and its kin; the clients show it for five seconds or until the message comes. */
  act(user: User, topicId: number, action: string): void {
    this.changes.tell({ type: 'action', topicId, user, action });
  }

  read(user: User, topicId: number, messageId: number): void {
    const key = readKey(user.id, topicId);
    if ((this.state.reads.get(key) ?? 0) >= messageId) return;
    this.state.reads.set(key, messageId);
    this.changes.tell({ type: 'read', topicId, userId: user.id });
  }

  setCommands(audience: string, commands: readonly BotCommand[]): void {
    this.state.commands.set(audience, commands);
    this.changes.tell({ type: 'commands' });
  }

  /** Not the deleted ones, oldest first. */
  messagesOf(topicId: number): StoredMessage[] {
    return [...this.state.messages.values()].filter(
      (message) => message.topicId === topicId && !message.deleted,
    );
  }

  /** A person of that name, known from before or new to the group. */
  member(name: string, username?: string): User {
    const known = [...this.state.users.values()].find((user) => !user.is_bot && user.first_name === name);
    if (known && (username === undefined || known.username === username)) return known;
    const user: User = {
      id: known?.id ?? this.state.nextUserId++,
      is_bot: false,
      first_name: name,
      ...(username === undefined ? {} : { username }),
      language_code: 'en',
    };
    this.state.users.set(user.id, user);
    return user;
  }

  #keepTopic(topic: StoredTopic): void {
    this.state.topics.set(topic.id, topic);
    this.changes.tell({ type: 'topic', topic });
  }

  #keepMessage(message: StoredMessage): void {
    this.state.messages.set(message.id, message);
    this.changes.tell({ type: 'message', message });
  }

  #seconds(): number {
    return Math.floor(this.now() / 1000);
  }
}

export const readKey = (userId: number, topicId: number): string => `${userId}:${topicId}`;

/** The text of a message or the caption of a photo; undefined for what tells of an event. */
export const wordsOf = (content: Content): FormattedText | undefined =>
  content.type === 'text' || content.type === 'photo' ? content : undefined;

export const isService = (content: Content): boolean => content.type.startsWith('topic_');

/** The General topic is not named in messages. */
export const isGeneral = (topicId: number): boolean => topicId === GENERAL;
