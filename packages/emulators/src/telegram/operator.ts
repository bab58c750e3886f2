import { randomBytes } from 'node:crypto';
import { CAPTION_LIMIT, characters, settle, TEXT_LIMIT } from './entities.js';
import { type Forum, wordsOf } from './forum.js';
import { type PhoneMessage, type PhoneTopic, phoneMessage, phoneTopic } from './snapshot.js';
import { GENERAL, type StoredMessage, type StoredTopic } from './state.js';
import type { PhotoSize, User } from './types.js';

export interface OperatorName {
  /** What the others see, and what the emulator knows the person by. */
  readonly name: string;
  /** Without the `@`. */
  readonly username?: string;
}

/**
 * A teammate with a phone, an administrator of the group.
 * @throws Error from every act that names a message or topic that does not exist
 */
export class Operator {
  readonly user: User;

  constructor(
    private readonly forum: Forum,
    { name, username }: OperatorName,
  ) {
    this.user = forum.member(name, username);
  }

  /**
   * Sends a message.
   * @param options.replyTo the id of the message it answers
   */
  type(topicId: number, text: string, options: { readonly replyTo?: number | undefined } = {}): PhoneMessage {
    const words = settle({ text, entities: [] });
    if (words.text === '') throw new Error('a message needs a text');
    if (characters(words.text) > TEXT_LIMIT)
      throw new Error(`a message has at most ${TEXT_LIMIT} characters`);
    const replyToId = options.replyTo === undefined ? undefined : this.#message(options.replyTo).id;
    return this.#shown(
      this.forum.post(this.user, this.#topic(topicId).id, { type: 'text', ...words }, { replyToId }),
    );
  }

  typeInGeneral(text: string, options: { readonly replyTo?: number | undefined } = {}): PhoneMessage {
    return this.type(GENERAL, text, options);
  }

  /** Changes an own message's text, or an own photo's caption. The same text again changes nothing, unlike for bots. */
  edit(messageId: number, text: string): PhoneMessage {
    const message = this.#own(messageId);
    const before = wordsOf(message.content);
    if (!before) throw new Error(`message ${messageId} has no text`);
    const words = settle({ text, entities: [] });
    if (words.text === '' && message.content.type === 'text') throw new Error('a message needs a text');
    if (words.text === before.text) return this.#shown(message);
    const content = { ...message.content, ...words };
    return this.#shown(this.forum.edit(message, content));
  }

  /** Deletes a message, also of others. Bots are not told. */
  delete(messageId: number): void {
    this.forum.remove(this.#message(messageId));
  }

  /** Sends a photo without any bytes behind it: enough for a bot to see that there is one. */
  sendPhoto(topicId: number, caption = ''): PhoneMessage {
    const words = settle({ text: caption, entities: [] });
    if (characters(words.text) > CAPTION_LIMIT)
      throw new Error(`a caption has at most ${CAPTION_LIMIT} characters`);
    const topic = this.#topic(topicId);
    return this.#shown(
      this.forum.post(this.user, topic.id, { type: 'photo', photo: photoSizes(), ...words }),
    );
  }

  createTopic(name: string): PhoneTopic {
    if (name.trim() === '' || characters(name.trim()) > 128)
      throw new Error('a topic name has 1 to 128 characters');
    return phoneTopic(this.forum.createTopic(this.user, { name: name.trim() }));
  }

  renameTopic(topicId: number, name: string): void {
    this.forum.editTopic(this.user, this.#topic(topicId), { name });
  }

  closeTopic(topicId: number): void {
    this.forum.setClosed(this.user, this.#topic(topicId), true);
  }

  reopenTopic(topicId: number): void {
    this.forum.setClosed(this.user, this.#topic(topicId), false);
  }

  deleteTopic(topicId: number): void {
    const topic = this.#topic(topicId);
    if (topic.id === GENERAL) throw new Error('General cannot be deleted');
    this.forum.deleteTopic(topic);
  }

  /** Looks at a topic, so that nothing in it is unread for this person. */
  read(topicId: number): void {
    const last = this.forum.messagesOf(topicId).at(-1);
    if (last) this.forum.read(this.user, topicId, last.id);
  }

  #shown(message: StoredMessage): PhoneMessage {
    return phoneMessage(this.forum.state, message);
  }

  #topic(id: number): StoredTopic {
    const topic = this.forum.topic(id);
    if (!topic) throw new Error(`there is no topic ${id}`);
    return topic;
  }

  #message(id: number): StoredMessage {
    const message = this.forum.message(id);
    if (!message) throw new Error(`there is no message ${id}`);
    return message;
  }

  #own(id: number): StoredMessage {
    const message = this.#message(id);
    if (message.fromId !== this.user.id) throw new Error(`message ${id} is not ${this.user.first_name}'s`);
    return message;
  }
}

const photoSizes = (): PhotoSize[] =>
  [
    { width: 90, height: 67, file_size: 1_350 },
    { width: 800, height: 600, file_size: 84_210 },
  ].map((size) => ({
    file_id: `AgACAgQAAxk${randomBytes(30).toString('base64url')}`,
    file_unique_id: `AQAD${randomBytes(8).toString('base64url')}`,
    ...size,
  }));
