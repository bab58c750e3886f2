import {
  BridgeError,
  type Call,
  type MessageRef,
  type Part,
  type PostCall,
  type ThreadRef,
} from '@pocketping/core';
import { readable } from '@pocketping/core/rendering';
import type { BridgeEventInput } from '@pocketping/protocol';
import { deedOf, type Said, saidIn, sayingOf } from './deed.js';
import { refusedFor } from './errors.js';
import { type Copy, copyOf, idOf } from './refs.js';
import type { Server } from './server.js';
import type { Settings } from './settings.js';

/** Whose message a post is, which its id tells: an id of the server's own is of the team's. */
type Side = 'visitor' | 'operator';

const sideOf = (id: string): Side => (id.startsWith('visitor-') ? 'visitor' : 'operator');

/** What is said in a conversation, as the server is told of it. Whatever it is told again it takes once. */
export class Posting {
  readonly #settings: Settings;
  readonly #server: Server;

  constructor(settings: Settings, server: Server) {
    this.#settings = settings;
    this.#server = server;
  }

  async post(thread: ThreadRef, part: Part, call: PostCall): Promise<MessageRef> {
    const copy = this.#copyAt(thread);
    const deed = deedOf(part);
    if (deed.type === 'said') return { ...thread, platformId: await this.#say(copy, deed, part, call) };
    const id = await idOf('event', call.nonce);
    await this.#server.tell({ ...deed, ...copy, id }, call);
    return { ...thread, platformId: id };
  }

  /** The message that an earlier call with this nonce brought, whoever spoke. */
  async posted(thread: ThreadRef, nonce: string, call: Call): Promise<MessageRef | null> {
    const copy = this.#copyAt(thread);
    for (const kind of ['visitor', 'team'] as const) {
      const platformId = await idOf(kind, nonce);
      if (await this.#server.has(copy, platformId, call)) return { ...thread, platformId };
    }
    return null;
  }

  async edit(posted: MessageRef, part: Part, call: Call): Promise<void> {
    await this.#change(this.#copyAt(posted), posted.platformId, saidIn(part).content, call);
  }

  async remove(posted: MessageRef, call: Call): Promise<void> {
    const message = { id: posted.platformId };
    const type = `${sideOf(posted.platformId)}_message_deleted` as const;
    const { duplicate } = await this.#server.tell({ type, ...this.#copyAt(posted), message }, call);
    if (duplicate) throw new BridgeError('message_gone', 'The message was deleted already.');
  }

  async mark(posted: MessageRef, status: 'delivered' | 'read', call: Call): Promise<void> {
    const messageIds = [posted.platformId];
    await this.#server.tell({ type: 'message_read', ...this.#copyAt(posted), messageIds, status }, call);
  }

  async answer(to: MessageRef, text: string, call: Call): Promise<void> {
    const about = { ...this.#copyAt(to), replyTo: to.platformId };
    await this.#server.tell({ type: 'notice', ...about, text: readable(text) }, call);
  }

  /** Something that is true of a session and has no words. */
  async state(
    thread: ThreadRef,
    type: 'visitor_typing' | 'session_closed' | 'session_reopened',
    call: Call,
  ): Promise<void> {
    await this.#server.tell({ type, ...this.#copyAt(thread) }, call);
  }

  async #say(copy: Copy, { speaker, content }: Said, part: Part, call: PostCall): Promise<string> {
    const id = await idOf(speaker.sender === 'visitor' ? 'visitor' : 'team', call.nonce);
    const about = { ...copy, id };
    const shown = part.file ? await this.#withFile(copy, id, content, part, call) : { content };
    const answers =
      call.replyTo?.chatId === this.#settings.origin ? { replyTo: call.replyTo.platformId } : {};
    const event = sayingOf(speaker, about, { id, ...shown, ...answers });
    // An earlier attempt may have said something else; nothing else can have this id.
    const { duplicate } = await this.#server.tell(event, call).catch(asRepetition);
    if (duplicate && !part.file) await this.#change(copy, id, content, call);
    return id;
  }

  async #change(copy: Copy, id: string, content: string, call: Call): Promise<void> {
    const type = `${sideOf(id)}_message_edited` as const;
    await this.#server.tell({ type, ...copy, message: { id, content } }, call);
  }

  /** Where the server refuses a file, which is seen when it is given it, people are told of the file at least. */
  async #withFile(
    { sessionId }: Copy,
    attachmentId: string,
    content: string,
    { file, plain: words }: Part,
    { open, plain, signal }: PostCall,
  ): Promise<Pick<Saying['message'], 'content' | 'attachmentIds'>> {
    if (!file || !open) throw new BridgeError('invalid', 'There is no file to post.');
    try {
      const { name, size } = file;
      await this.#server.bring({ attachmentId, sessionId, name, size, open }, { signal });
      return { content, attachmentIds: [attachmentId] };
    } catch (cause) {
      const error = refusesFiles(cause) ? new BridgeError('invalid', cause.message, { cause }) : cause;
      if (plain && BridgeError.isInstance(error) && error.code === 'invalid') return { content: words };
      throw error;
    }
  }

  #copyAt({ chatId, threadId }: Pick<MessageRef, 'chatId' | 'threadId'>): Copy {
    return copyOf(this.#settings.origin, chatId, threadId);
  }
}

/** A server may have been set up without a place for files: all else works. */
const refusesFiles = (error: unknown): error is BridgeError =>
  BridgeError.isInstance(error) && refusedFor(error) === 'not_found';

const asRepetition = (error: unknown): { readonly duplicate: true } => {
  if (BridgeError.isInstance(error) && refusedFor(error) === 'conflict') return { duplicate: true };
  throw error;
};

type Saying = Extract<BridgeEventInput, { type: 'visitor_message' }>;
