import {
  type Bridge,
  BridgeError,
  type BridgeHost,
  type Inbound,
  type MessageNote,
  type MessageRef,
  type Note,
  type NoteAttachment,
  type Operator,
  type Part,
  type SessionCard,
  type ThreadRef,
  typedCommand,
} from '@pocketping/core';
import {
  actorName,
  eventCount,
  eventJson,
  eventName,
  iconOf,
  lines,
  messagesIn,
  oneLine,
  pageOf,
  readable,
  textOf as saidBy,
  visitorCard,
  visitorName,
} from '@pocketping/core/rendering';
import { streamOf } from '@pocketping/testing';

const PREFIX = '/';
const CHAT = 'desk';

/** What lies on the desk. */
export interface Sheet {
  readonly ref: MessageRef & { readonly threadId: string };
  readonly ours: boolean;
  readonly file?: { readonly name: string; readonly bytes: Uint8Array; readonly picture: boolean };
  readonly replyTo?: string;
  /** The card of a conversation, and what else its server adds. */
  readonly about?: Note['kind'];
  text: string;
  version: number;
  receipt?: 'delivered' | 'read';
}

export interface Drawer {
  title: string;
  closed: boolean;
  typing: boolean;
}

/** A messaging app that lies open: threads, messages and files in memory, and a person who answers. */
export class Desk {
  readonly person: Operator = { id: 'u1', name: 'Bob' };
  readonly sheets: Sheet[] = [];
  readonly drawers = new Map<string, Drawer>();
  readonly bridge: Bridge;
  #host: BridgeHost | undefined;
  #next = 1;
  #files = new Map<string, Uint8Array>();

  constructor() {
    this.bridge = bridgeOf(this);
  }

  listen(host: BridgeHost | undefined): void {
    this.#host = host;
  }

  put(thread: ThreadRef, sheet: Pick<Sheet, 'text' | 'ours' | 'file' | 'replyTo' | 'about'>): Sheet {
    if (!this.drawers.has(thread.threadId)) throw new BridgeError('thread_gone', `no ${thread.threadId}`);
    const added = { ref: { ...thread, platformId: `${this.#next++}` }, version: 1, ...sheet };
    this.sheets.push(added);
    return added;
  }

  /** @throws BridgeError `message_gone` */
  sheet(platformId: string): Sheet {
    const found = this.sheets.find(({ ref }) => ref.platformId === platformId);
    if (!found) throw new BridgeError('message_gone', `no sheet ${platformId}`);
    return found;
  }

  take(platformId: string): void {
    this.sheets.splice(this.sheets.indexOf(this.sheet(platformId)), 1);
  }

  open(card: SessionCard): ThreadRef {
    const threadId = `t${this.#next++}`;
    this.drawers.set(threadId, { title: titleOf(card), closed: false, typing: false });
    return { chatId: CHAT, threadId };
  }

  bytesOf(ref: string): Uint8Array {
    const bytes = this.#files.get(ref);
    if (!bytes) throw new BridgeError('message_gone', 'The file is gone from the desk.');
    return bytes;
  }

  /** The person writes; resolves once the server has taken it. */
  async write(
    threadId: string,
    text: string,
    {
      replyTo,
      file,
    }: { replyTo?: string; file?: { name: string; mimeType: string; bytes: Uint8Array } } = {},
  ): Promise<Sheet> {
    const thread = { chatId: CHAT, threadId };
    const sheet = this.put(thread, { text, ours: false, ...(replyTo !== undefined && { replyTo }) });
    if (file) this.#files.set(sheet.ref.platformId, file.bytes);
    const base = this.#base(sheet);
    const command = file ? undefined : typedCommand(text, PREFIX, this.#host?.commands ?? []);
    const files = file && {
      files: [
        { ref: sheet.ref.platformId, name: file.name, mimeType: file.mimeType, size: file.bytes.length },
      ],
    };
    const inbound: Inbound = command
      ? { kind: 'command', ...base, ...command }
      : { kind: 'message', ...base, content: text, version: 1, ...files };
    await this.#tell(inbound);
    return sheet;
  }

  /** The person changes what they wrote. */
  async edit(platformId: string, text: string): Promise<void> {
    const sheet = this.sheet(platformId);
    sheet.text = text;
    const version = ++sheet.version;
    const command = typedCommand(text, PREFIX, this.#host?.commands ?? []);
    const base = this.#base(sheet);
    const more = { content: text, version, sentAt: base.at, ...(command && { command }) };
    await this.#tell({ kind: 'edit', ...base, ...more });
  }

  /** The person takes away what they wrote. */
  async remove(platformId: string): Promise<void> {
    const { ref } = this.sheet(platformId);
    this.take(platformId);
    await this.#tell({ kind: 'delete', operator: this.person, at: this.#now(), ref });
  }

  /** The person types. */
  type(threadId: string): void {
    this.#host?.typing({ chatId: CHAT, threadId }, this.person);
  }

  #base({ ref, replyTo }: Sheet) {
    const answered = replyTo === undefined ? {} : { replyTo: { ...ref, platformId: replyTo } };
    return { operator: this.person, at: this.#now(), ref, ...answered };
  }

  #now(): number {
    return this.#host?.clock.now() ?? 0;
  }

  async #tell(inbound: Inbound): Promise<void> {
    if (!this.#host) throw new Error('Nobody listens at the desk');
    await this.#host.receive(inbound);
  }
}

const bridgeOf = (desk: Desk): Bridge => {
  const drawer = ({ threadId }: Pick<MessageRef, 'threadId'>): Drawer => {
    const found = desk.drawers.get(threadId ?? '');
    if (!found) throw new BridgeError('thread_gone', `no ${threadId}`);
    return found;
  };
  return {
    name: 'desk',
    commandPrefix: PREFIX,
    pacing: {},
    start: async (host) => desk.listen(host),
    stop: async () => desk.listen(undefined),
    open: async (card) => desk.open(card),
    render: (note) => partsOf(note),
    post: async (thread, part, { replyTo, open }) => {
      const { about, text } = JSON.parse(part.markup) as Pick<Sheet, 'about' | 'text'>;
      const bytes = part.file && open && (await bytesIn(await open()));
      const file = part.file && bytes && { ...fileOf(part.file), bytes };
      const isThere = desk.sheets.some(({ ref }) => ref.platformId === replyTo?.platformId);
      const answers = replyTo && isThere ? { replyTo: replyTo.platformId } : {};
      return desk.put(thread, {
        text,
        ours: true,
        ...answers,
        ...(about && { about }),
        ...(file && { file }),
      }).ref;
    },
    answer: async ({ chatId, threadId = '', platformId }, text) => {
      desk.put({ chatId, threadId }, { text: readable(text), ours: true, replyTo: platformId });
    },
    editing: {
      edit: async ({ platformId }, { markup }) => {
        desk.sheet(platformId).text = (JSON.parse(markup) as Pick<Sheet, 'text'>).text;
      },
      remove: async ({ platformId }) => desk.take(platformId),
    },
    typing: {
      show: async (thread) => {
        drawer(thread).typing = true;
      },
    },
    closing: {
      close: async (thread) => {
        drawer(thread).closed = true;
      },
      reopen: async (thread) => {
        drawer(thread).closed = false;
      },
    },
    titles: {
      rename: async (thread, card) => {
        drawer(thread).title = titleOf(card);
      },
    },
    receipts: {
      mark: async ({ platformId }, state) => {
        desk.sheet(platformId).receipt = state;
      },
    },
    files: { fetch: async (ref) => streamOf(desk.bytesOf(ref)) },
  };
};

const bytesIn = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array> =>
  new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());

const fileOf = ({ name, mimeType }: NoteAttachment) => ({ name, picture: mimeType.startsWith('image/') });

const titleOf = (card: SessionCard): string =>
  [visitorName(card), pageOf(card.metadata.url)].filter((each) => each !== undefined).join(' · ');

const { visitorLine, detailLines } = visitorCard();

const partsOf = (note: Note): Part[] => {
  const part = (text: string, file?: NoteAttachment): Part => ({
    markup: JSON.stringify({ text, ...(messagesIn(note).length === 0 && { about: note.kind }) }),
    plain: text,
    ...(file && { file }),
  });
  const files = messagesIn(note).flatMap((message) =>
    (message.attachments ?? [])
      .filter(({ status }) => status === 'ready')
      .map((file) => part(speakerOf(message), file)),
  );
  const text = textOf(note);
  return text === '' ? files : [...files, part(text)];
};

const textOf = (note: Note): string => {
  switch (note.kind) {
    case 'message':
    case 'messages':
      return messagesIn(note)
        .filter(({ content }) => content !== '')
        .map((message) => `${speakerOf(message)}${quoteOf(message)}${readable(message.content)}`)
        .join('\n');
    case 'card':
    case 'identity': {
      const shown = detailLines(note.card, { showUrl: true, showMetadata: true });
      return saidBy(lines([visitorLine(note.card), ...shown]));
    }
    case 'event':
      return [`${eventName(note)}${eventCount(note)}`, readable(eventJson(note) ?? '')].join('\n');
    case 'recap':
      return note.messages.map(({ content }) => readable(content)).join('\n');
    case 'notice':
      return readable(note.text);
    case 'closed':
    case 'reopened':
      return `${note.kind} by ${actorName(note.by)}`;
    case 'departure':
      return 'The visitor left';
  }
};

/** Whose words follow, unless they are the visitor's. */
const speakerOf = (message: MessageNote): string => {
  const { author, audience } = message;
  if (author.kind === 'visitor') return '';
  const via = author.via === undefined ? '' : ` via ${oneLine(author.via)}`;
  return `${iconOf(message)} ${audience === 'team' ? 'Private note by ' : ''}${actorName(author)}${via}\n`;
};

const quoteOf = ({ replyTo }: MessageNote): string =>
  replyTo && !replyTo.native ? `> ${readable(replyTo.content)}\n` : '';
