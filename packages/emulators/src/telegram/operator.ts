import { wordsOf } from './content.js';
import { CAPTION_LIMIT, characters, settle, TEXT_LIMIT } from './entities.js';
import { mediaFrom, PICTURE } from './media.js';
import { type PersonName, personNamed } from './people.js';
import type { Room } from './room.js';
import type { Rooms } from './rooms.js';
import { type PhoneMessage, type PhoneTopic, phoneMessage, phoneTopic } from './snapshot.js';
import { type Content, GENERAL, type MediaKind, type StoredMessage, type StoredTopic } from './state.js';
import type { User } from './types.js';
import type { Upload } from './uploads.js';

export type OperatorName = PersonName;

export interface TypeOptions {
  /** The id of the message it answers. */
  readonly replyTo?: number | undefined;
}

/** A file as somebody sends it with the phone. */
export interface SentFile extends Upload {
  /** As what; unless told it goes by the type: pictures as photos, films and sounds as such, the rest as documents. */
  readonly kind?: MediaKind | undefined;
  /** What stands still of a live photo, or of a sticker that moves; a picture of its own unless told. */
  readonly still?: Uint8Array | undefined;
}

export interface FileOptions extends TypeOptions {
  readonly caption?: string | undefined;
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

  /** Changes an own message's text, or an own file's caption. The same text again changes nothing, unlike for bots. */
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

  /** Sends a picture of stripes. */
  sendPhoto(topicId: number, caption = ''): PhoneMessage {
    return this.sendFile(topicId, { kind: 'photo', bytes: PICTURE }, { caption });
  }

  /** Sends a file to a topic; people may send larger ones than bots. */
  sendFile(topicId: number, file: SentFile, options: FileOptions = {}): PhoneMessage {
    return this.#sendFile(topicId, file, options);
  }

  /** Sends several files at once, which are as many messages. What is said of them stands below the first. */
  sendAlbum(topicId: number, files: readonly SentFile[], options: FileOptions = {}): PhoneMessage[] {
    const { nextMessageId } = this.room.chat;
    const groupId = `${this.user.id}${nextMessageId}`;
    return files.map((file, at) =>
      this.#sendFile(topicId, file, at === 0 ? options : { replyTo: options.replyTo }, groupId),
    );
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

  #sendFile(
    topicId: number,
    { kind, still, ...upload }: SentFile,
    { caption = '', replyTo }: FileOptions,
    groupId?: string,
  ): PhoneMessage {
    const words = settle({ text: caption, entities: [] });
    if (characters(words.text) > CAPTION_LIMIT)
      throw new Error(`a caption has at most ${CAPTION_LIMIT} characters`);
    if (upload.bytes.length === 0) throw new Error('a file has at least one byte');
    const replyToId = replyTo === undefined ? undefined : this.#message(replyTo).id;
    const content = mediaFrom(this.rooms.files, kind ?? kindOf(upload), upload, { words, groupId, still });
    return this.#post(topicId, content, replyToId);
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

const kindOf = ({ mimeType = '' }: Upload): MediaKind => {
  if (/^image\/(?:jpeg|png|webp)$/.test(mimeType)) return 'photo';
  if (mimeType === 'image/gif') return 'animation';
  return KINDS.find((kind) => mimeType.startsWith(`${kind}/`)) ?? 'document';
};

const KINDS = ['video', 'audio'] as const;
