import { randomBytes } from 'node:crypto';
import { wordsOf } from './content.js';
import { CAPTION_LIMIT, characters, settle, TEXT_LIMIT } from './entities.js';
import { type PersonName, personNamed } from './people.js';
import type { Room } from './room.js';
import type { Rooms } from './rooms.js';
import { type PhoneMessage, type PhoneTopic, phoneMessage, phoneTopic } from './snapshot.js';
import { type Content, GENERAL, type StoredMessage, type StoredTopic } from './state.js';
import type { PhotoSize, User } from './types.js';

export type OperatorName = PersonName;

export interface TypeOptions {
  /** The id of the message it answers. */
  readonly replyTo?: number | undefined;
}

/**
 * Somebody with a phone, in one chat: the forum, unless `in` led elsewhere.
 * @throws Error from every act that names a message or topic that does not exist
 */
export class Operator {
  readonly user: User;

  constructor(
    private readonly rooms: Rooms,
    private readonly name: OperatorName,
    private readonly room: Room = rooms.forum,
  ) {
    this.user = personNamed(rooms.state, name);
    if (room.chat.type !== 'private') room.welcome(this.user);
    else if (room.chat.personId !== this.user.id)
      throw new Error(`chat ${room.chat.id} is not ${this.user.first_name}'s`);
  }

  /**
   * The same person in another chat.
   * @throws RangeError if there is no such chat
   */
  in(chatId: string | number): Operator {
    return new Operator(this.rooms, this.name, this.rooms.at(chatId));
  }

  /** Sends a message to the chat: to the one flow of a chat without topics, to General in a forum. */
  say(text: string, options: TypeOptions = {}): PhoneMessage {
    return this.type(GENERAL, text, options);
  }

  /** Sends a message to a topic. */
  type(topicId: number, text: string, options: TypeOptions = {}): PhoneMessage {
    const words = settle({ text, entities: [] });
    if (words.text === '') throw new Error('a message needs a text');
    if (characters(words.text) > TEXT_LIMIT)
      throw new Error(`a message has at most ${TEXT_LIMIT} characters`);
    const replyToId = options.replyTo === undefined ? undefined : this.#message(options.replyTo).id;
    return this.#post(topicId, { type: 'text', ...words }, replyToId);
  }

  typeInGeneral(text: string, options: TypeOptions = {}): PhoneMessage {
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
    return this.#shown(this.room.edit(message, content));
  }

  /** Deletes a message, also of others. Bots are not told. */
  delete(messageId: number): void {
    this.room.remove(this.#message(messageId));
  }

  /** Sends a photo without any bytes behind it: enough for a bot to see that there is one. */
  sendPhoto(topicId: number, caption = ''): PhoneMessage {
    const words = settle({ text: caption, entities: [] });
    if (characters(words.text) > CAPTION_LIMIT)
      throw new Error(`a caption has at most ${CAPTION_LIMIT} characters`);
    return this.#post(topicId, { type: 'photo', photo: photoSizes(), ...words });
  }

  createTopic(name: string): PhoneTopic {
    if (!this.room.chat.isForum) throw new Error(`chat ${this.room.chat.id} has no topics`);
    if (name.trim() === '' || characters(name.trim()) > 128)
      throw new Error('a topic name has 1 to 128 characters');
    return phoneTopic(this.room.createTopic(this.user, { name: name.trim() }));
  }

  renameTopic(topicId: number, name: string): void {
    this.room.editTopic(this.user, this.#topic(topicId), { name });
  }

  closeTopic(topicId: number): void {
    this.room.setClosed(this.user, this.#topic(topicId), true);
  }

  reopenTopic(topicId: number): void {
    this.room.setClosed(this.user, this.#topic(topicId), false);
  }

  /** Hides General from the list of topics, which also closes it. */
  hideGeneral(): void {
    this.room.setGeneralHidden(this.user, true);
  }

  unhideGeneral(): void {
    this.room.setGeneralHidden(this.user, false);
  }

  deleteTopic(topicId: number): void {
    const topic = this.#topic(topicId);
    if (topic.id === GENERAL) throw new Error('General cannot be deleted');
    this.room.deleteTopic(topic);
  }

  /** Looks at a topic, so that nothing in it is unread for this person. */
  read(topicId: number): void {
    const last = this.room.messagesOf(topicId).at(-1);
    if (last) this.room.read(this.user, topicId, last.id);
  }

  /** Removes the bot from the group, or blocks it in a private chat. */
  removeBot(): void {
    this.room.setMembership(this.user, { status: 'kicked' });
  }

  /** Adds the bot to the group, or unblocks it in a private chat. */
  addBot(status: 'member' | 'administrator' = 'member'): void {
    this.room.setMembership(this.user, { status });
    if (this.room.chat.type !== 'private')
      this.room.post(this.user, GENERAL, { type: 'joined', userId: this.room.bot.id });
  }

  /** Leaves the group; to say something there again is to have joined it again. */
  leave(): void {
    if (this.room.chat.type === 'private') throw new Error('nobody leaves a private chat');
    this.room.post(this.user, GENERAL, { type: 'left', userId: this.user.id });
    this.room.dismiss(this.user);
  }

  #post(topicId: number, content: Content, replyToId?: number): PhoneMessage {
    const { chat } = this.room;
    if (chat.migratedTo !== undefined) throw new Error(`chat ${chat.id} has become ${chat.migratedTo}`);
    if (chat.type !== 'private') this.room.welcome(this.user);
    return this.#shown(this.room.post(this.user, this.#topic(topicId).id, content, { replyToId }));
  }

  #shown(message: StoredMessage): PhoneMessage {
    return phoneMessage(this.room, message);
  }

  #topic(id: number): StoredTopic {
    const topic = this.room.topic(id);
    if (!topic) throw new Error(`there is no topic ${id}`);
    return topic;
  }

  #message(id: number): StoredMessage {
    const message = this.room.message(id);
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
