import type { Changes } from './changes.js';
import { shownIn } from './content.js';
import { badRequest } from './errors.js';
import { hears } from './hearing.js';
import { botMember } from './membership.js';
import {
  type BotMembership,
  type ChatState,
  type Content,
  type EmulatorState,
  GENERAL,
  type Place,
  type StoredMessage,
  type StoredTopic,
} from './state.js';
import type { User } from './types.js';
import type { UpdateQueue } from './updates.js';
import { toChat, toMessage } from './wire.js';

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
 * A chat and what can happen in it, whoever does it: the bot through its API or a person with the phone. Every
 * act becomes state, a change that listeners hear of, and the updates that the platform would send to the bot.
 */
export class Room implements Place {
  constructor(
    readonly state: EmulatorState,
    readonly chat: ChatState,
    readonly changes: Changes,
    private readonly updates: UpdateQueue,
    private readonly now: () => number,
  ) {}

  get bot(): User {
    return this.state.bot;
  }

  /** A topic that was not deleted. A chat without topics has General only. */
  topic(id: number): StoredTopic | undefined {
    const topic = this.chat.isForum || isGeneral(id) ? this.chat.topics.get(id) : undefined;
    return topic?.deleted ? undefined : topic;
  }

  /** A message that was not deleted. */
  message(id: number): StoredMessage | undefined {
    const message = this.chat.messages.get(id);
    return message?.deleted ? undefined : message;
  }

  createTopic(by: User, options: TopicOptions): StoredTopic {
    const id = this.chat.nextMessageId;
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
    // A hidden General that is opened is shown again.
    this.#keepTopic({ ...topic, closed, ...(topic.hidden && !closed ? { hidden: false } : {}) });
    this.post(by, topic.id, { type: closed ? 'topic_closed' : 'topic_reopened' });
  }

  /** Hides General from the list, which closes it, or shows it again. @throws ApiError TOPIC_NOT_MODIFIED */
  setGeneralHidden(by: User, hidden: boolean): void {
    const general = this.chat.topics.get(GENERAL)!;
    if ((general.hidden ?? false) === hidden) throw badRequest('TOPIC_NOT_MODIFIED');
    this.#keepTopic({ ...general, hidden, closed: hidden || general.closed });
    this.post(by, GENERAL, { type: hidden ? 'general_hidden' : 'general_unhidden' });
  }

  /** Makes a topic unreachable for the bot, though not for people, or reachable again. */
  setBlocked(topic: StoredTopic, blocked: boolean): void {
    this.#keepTopic({ ...topic, blocked });
  }

  /** Switches topics on or off. What was written in topics is in one flat chat while they are off. */
  setForum(isForum: boolean): void {
    if (this.chat.type !== 'supergroup') throw new Error(`a ${this.chat.type} chat cannot have topics`);
    this.chat.isForum = isForum;
    // Later topics must not get the id of General.
    this.chat.nextMessageId = Math.max(this.chat.nextMessageId, GENERAL + 1);
    this.changes.tell({ type: 'chat', chatId: this.chat.id });
  }

  /** Changes what the bot is and may in the chat; the bot gets `my_chat_member`. */
  setMembership(by: User, change: Partial<BotMembership>): void {
    const before = botMember(this);
    this.chat.membership = { ...this.chat.membership, ...change };
    this.changes.tell({ type: 'chat', chatId: this.chat.id });
    this.updates.push('my_chat_member', {
      chat: toChat(this),
      from: by,
      date: this.#seconds(),
      old_chat_member: before,
      new_chat_member: botMember(this),
    });
  }

  /** Deletes the topic with all its messages. The platform sends no update about it. */
  deleteTopic(topic: StoredTopic): void {
    for (const message of this.messagesOf(topic.id))
      this.chat.messages.set(message.id, { ...message, deleted: true });
    this.#keepTopic({ ...topic, deleted: true });
  }

  post(by: User, topicId: number, content: Content, options: PostOptions = {}): StoredMessage {
    const message: StoredMessage = {
      id: this.chat.nextMessageId++,
      topicId,
      fromId: by.id,
      date: this.#seconds(),
      ...(options.replyToId === undefined ? {} : { replyToId: options.replyToId }),
      content,
    };
    this.#keepMessage(message);
    if (hears(this, message)) this.updates.push('message', toMessage(this, message));
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
    if (hears(this, edited)) this.updates.push('edited_message', toMessage(this, edited));
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
    this.changes.tell({ type: 'action', chatId: this.chat.id, topicId, user, action });
  }

  read(user: User, topicId: number, messageId: number): void {
    const key = readKey(user.id, topicId);
    if ((this.chat.reads.get(key) ?? 0) >= messageId) return;
    this.chat.reads.set(key, messageId);
    this.changes.tell({ type: 'read', chatId: this.chat.id, topicId, userId: user.id });
  }

  /** Not the deleted ones, oldest first. */
  messagesOf(topicId: number): StoredMessage[] {
    return [...this.chat.messages.values()].filter(
      (message) => !message.deleted && shownIn(this, message) === topicId,
    );
  }

  /** Makes somebody one of the chat's people. */
  welcome(user: User): void {
    if (!this.chat.people.includes(user.id)) this.chat.people.push(user.id);
  }

  /** Takes somebody off the chat's people. */
  dismiss(user: User): void {
    const at = this.chat.people.indexOf(user.id);
    if (at >= 0) this.chat.people.splice(at, 1);
  }

  #keepTopic(topic: StoredTopic): void {
    this.chat.topics.set(topic.id, topic);
    this.changes.tell({ type: 'topic', chatId: this.chat.id, topic });
  }

  #keepMessage(message: StoredMessage): void {
    this.chat.messages.set(message.id, message);
    this.changes.tell({ type: 'message', chatId: this.chat.id, message });
  }

  #seconds(): number {
    return Math.floor(this.now() / 1000);
  }
}

export const readKey = (userId: number, topicId: number): string => `${userId}:${topicId}`;

/** The General topic is not named in messages. */
export const isGeneral = (topicId: number): boolean => topicId === GENERAL;
