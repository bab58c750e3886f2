import type { Changes } from './changes.js';
import type { Room } from './room.js';
import { type PhoneEntry, type PhoneMessage, type PhoneTopic, phoneMessage, phoneTopic } from './snapshot.js';
import { type ChatType, GENERAL } from './state.js';
import { type WaitOptions, whenSeen } from './waiting.js';

/** What can be seen of one chat. */
export class ChatView {
  constructor(
    private readonly room: Room,
    private readonly changes: Changes,
  ) {}

  get id(): string {
    return String(this.room.chat.id);
  }

  get type(): ChatType {
    return this.room.chat.type;
  }

  /** The topics that exist, in order of creation, without General. */
  topics(): PhoneTopic[] {
    if (!this.room.chat.isForum) return [];
    return [...this.room.chat.topics.values()]
      .filter((topic) => topic.id !== GENERAL && !topic.deleted)
      .map(phoneTopic);
  }

  /** The messages that exist, oldest first, service messages included: of a topic, or of a chat without topics. */
  messages(topicId: number = GENERAL): PhoneMessage[] {
    return this.room.messagesOf(topicId).map((message) => phoneMessage(this.room, message));
  }

  /** A message, even a deleted one. */
  message(id: number): PhoneMessage | undefined {
    const message = this.room.chat.messages.get(id);
    return message && phoneMessage(this.room, message);
  }

  /** A topic, even a deleted one. */
  topic(id: number): PhoneTopic | undefined {
    const topic = this.room.chat.topics.get(id);
    return topic && phoneTopic(topic);
  }

  /**
   * Resolves with the first topic or message that satisfies the predicate: one that is there, or the one that
   * appears or changes so that it does. What was deleted is offered too, with `deleted` and without content.
   * @throws Error when the time is over
   */
  waitFor<T extends PhoneEntry>(
    predicate: (entry: PhoneEntry) => entry is T,
    options?: WaitOptions,
  ): Promise<T>;
  waitFor(predicate: (entry: PhoneEntry) => boolean, options?: WaitOptions): Promise<PhoneEntry>;
  waitFor(predicate: (entry: PhoneEntry) => boolean, options?: WaitOptions): Promise<PhoneEntry> {
    return whenSeen(this.changes, () => this.#entries().find(predicate), options);
  }

  waitForMessage(
    predicate: (message: PhoneMessage) => boolean,
    options?: WaitOptions,
  ): Promise<PhoneMessage> {
    const wanted = (entry: PhoneEntry): entry is PhoneMessage => entry.kind === 'message' && predicate(entry);
    return this.waitFor(wanted, { what: 'the message', ...options });
  }

  waitForTopic(predicate: (topic: PhoneTopic) => boolean, options?: WaitOptions): Promise<PhoneTopic> {
    const wanted = (entry: PhoneEntry): entry is PhoneTopic => entry.kind === 'topic' && predicate(entry);
    return this.waitFor(wanted, { what: 'the topic', ...options });
  }

  #entries(): PhoneEntry[] {
    const { topics, messages } = this.room.chat;
    return [
      ...[...topics.values()].map(phoneTopic),
      ...[...messages.values()].map((message) => phoneMessage(this.room, message)),
    ];
  }
}
