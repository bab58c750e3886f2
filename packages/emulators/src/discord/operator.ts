import { type SharedFile, sampleFile } from '../shared-file.js';
import { attach } from './attachments.js';
import type { Guild } from './guild.js';
import { CONTENT_LENGTH } from './routes/content.js';
import { MessageType, type StoredMessage, type StoredThread, type StoredUser } from './state.js';
import { type DiscordMessage, type DiscordThread, messageView, threadView } from './view.js';

const IS_VOICE_MESSAGE = 1 << 13;

export interface DiscordTypeOptions {
  /** The id of the message it answers. */
  readonly replyTo?: string | undefined;
}

/**
 * Somebody on the server.
 * @throws Error from every act that names a message or thread that does not exist
 */
export class DiscordOperator {
  readonly id: string;

  constructor(
    private readonly guild: Guild,
    private readonly user: StoredUser,
  ) {
    this.id = user.id;
  }

  get name(): string {
    return this.user.displayName;
  }

  /** Sends a message to a thread or channel; an archived thread becomes active again. */
  type(channelId: string, text: string, { replyTo }: DiscordTypeOptions = {}): DiscordMessage {
    const words = text.trim();
    if (words === '') throw new Error('a message needs a text');
    if ([...words].length > CONTENT_LENGTH)
      throw new Error(`a message has at most ${CONTENT_LENGTH} characters`);
    return this.#post(channelId, { content: words, ...this.#answering(channelId, replyTo) });
  }

  /** Sends a file; of a name alone, one that has something in it. */
  sendFile(channelId: string, file: string | SharedFile = 'photo.png', text = ''): DiscordMessage {
    return this.sendFiles(channelId, [typeof file === 'string' ? sampleFile(file) : file], text);
  }

  /** Sends files in one message. */
  sendFiles(
    channelId: string,
    files: readonly SharedFile[],
    text = '',
    { replyTo }: DiscordTypeOptions = {},
  ): DiscordMessage {
    const place = this.#place(channelId);
    const attachments = attach(this.guild, files);
    return this.#post(place, { content: text.trim(), attachments, ...this.#answering(place, replyTo) });
  }

  /**
   * Sends a voice message: one file of sound, and nothing else.
   * @see https://discord.com/developers/docs/resources/message#message-object-message-flags
   */
  sendVoice(channelId: string, bytes: Uint8Array<ArrayBuffer>): DiscordMessage {
    const file = { name: 'voice-message.ogg', bytes, type: 'audio/ogg' };
    const voice = { seconds: 1, waveform: Buffer.alloc(10, 0x40).toString('base64') };
    const attachments = attach(this.guild, [file]).map((one) => ({ ...one, voice }));
    return this.#post(this.#place(channelId), { content: '', attachments, flags: IS_VOICE_MESSAGE });
  }

  /** Changes an own message. The same text again changes nothing. */
  edit(messageId: string, text: string): DiscordMessage {
    const message = this.#message(messageId);
    if (message.authorId !== this.user.id || message.webhookId !== undefined)
      throw new Error(`message ${messageId} is not ${this.name}'s`);
    const content = text.trim();
    if (content === '') throw new Error('a message needs a text');
    if (content === message.content) return messageView(this.guild, message);
    const thread = this.guild.thread(message.channelId);
    if (thread?.archived) this.guild.updateThread(thread, { archived: false }, this.user.id);
    return messageView(this.guild, this.guild.edit(message, { content }));
  }

  /** Deletes a message, also of others. Bots are told. */
  delete(messageId: string): void {
    this.guild.remove(this.#message(messageId));
  }

  /** Deletes several messages of one channel or thread together, as moderators and their bots do. */
  purge(channelId: string, messageIds: readonly string[]): void {
    const messages = messageIds.map((id) => this.#message(id));
    const elsewhere = messages.find((message) => message.channelId !== channelId);
    if (elsewhere) throw new Error(`message ${elsewhere.id} is not in ${channelId}`);
    this.guild.purge(channelId, messages);
  }

  react(messageId: string, emoji: string): void {
    this.guild.react(this.#message(messageId), emoji, this.user.id, true);
  }

  typing(channelId: string): void {
    this.guild.typing(this.#place(channelId), this.user);
  }

  createThread(parentId: string, name: string): DiscordThread {
    return threadView(this.guild.createThread(parentId, this.user.id, name));
  }

  archive(threadId: string): void {
    this.guild.updateThread(this.#thread(threadId), { archived: true }, this.user.id);
  }

  unarchive(threadId: string): void {
    this.guild.updateThread(this.#thread(threadId), { archived: false }, this.user.id);
  }

  lock(threadId: string): void {
    this.guild.updateThread(this.#thread(threadId), { locked: true, archived: true }, this.user.id);
  }

  deleteThread(threadId: string): void {
    this.guild.deleteThread(this.#thread(threadId));
  }

  #answering(channelId: string, replyTo: string | undefined): Partial<StoredMessage> {
    if (replyTo === undefined) return {};
    return { reference: { channelId, messageId: this.#message(replyTo).id }, type: MessageType.reply };
  }

  #post(channelId: string, content: Partial<StoredMessage>): DiscordMessage {
    const message = this.guild.post({
      ...content,
      channelId: this.#place(channelId),
      authorId: this.user.id,
    });
    return messageView(this.guild, message);
  }

  #place(id: string): string {
    if (this.guild.channels.has(id) || this.guild.thread(id)) return id;
    throw new Error(`there is no channel ${id}`);
  }

  #thread(id: string): StoredThread {
    const thread = this.guild.thread(id);
    if (!thread) throw new Error(`there is no thread ${id}`);
    return thread;
  }

  #message(id: string): StoredMessage {
    const message = this.guild.message(id);
    if (!message) throw new Error(`there is no message ${id}`);
    return message;
  }
}
