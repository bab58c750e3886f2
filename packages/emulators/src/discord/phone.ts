import { type Acts, performing, type Screen, type ScreenFile } from '../phone/screen.js';
import { sharedFile } from '../shared-file.js';
import { integer, type Params, text } from '../telegram/params.js';
import type { Change } from './changes.js';
import type { Guild } from './guild.js';
import type { Entity } from './markdown.js';
import type { DiscordOperator } from './operator.js';
import { ChannelType, type GuildState, type StoredMessage, type StoredThread } from './state.js';
import { type DiscordMessage, type DiscordPerson, messageView, personView } from './view.js';

/** The page's number for the channel itself, where people write in it. */
const CHANNEL = 1;

interface PhonePerson {
  readonly id: number;
  readonly name: string;
  readonly isBot: boolean;
}

interface PhoneEmbed {
  readonly color: string;
  readonly text: string;
  readonly entities: readonly Entity[];
  readonly footer?: string;
}

/**
 * The server's channel as the phone's page shows it: threads are its topics. The page counts with small numbers, and
 * Discord's ids are too long to be any; so everything gets a number here when it is first seen.
 */
export class PhoneDesk {
  readonly #ids: Map<number, string>;

  constructor(
    private readonly guild: Guild,
    private readonly state: Pick<GuildState, 'channelId' | 'numbers' | 'nextNumber' | 'reads'>,
    /** The channel is all there is: the bot works without threads. */
    private readonly flat: boolean,
  ) {
    this.#ids = new Map([...state.numbers].map(([id, number]) => [number, id]));
    // It is the first: the page knows its number.
    this.#numberOf(state.channelId);
    // The page sorts by number: what is said first has to be counted first.
    guild.changes.listen((change) => change.type === 'message' && this.#numberOf(change.message.id));
  }

  screen(operator: () => DiscordOperator): Screen {
    return {
      hello: () => this.#hello(operator()),
      topics: () => this.#topics(operator().id),
      messages: (topicId) =>
        this.guild.messagesIn(this.#ids.get(topicId) ?? '').map((message) => this.#message(message)),
      perform: (name, input) => performing(this.#acts, operator(), name, input),
      files: {
        send: (files, input) => {
          const send = (holder: DiscordOperator) => this.#send(holder, files, input);
          return performing({ send }, operator(), 'send', input);
        },
      },
      follow: (send) => this.guild.changes.listen((change) => this.#tell(change, operator().id, send)),
    };
  }

  readonly #acts: Acts<DiscordOperator> = {
    type: (operator, input) =>
      void operator.type(this.#at(input, 'topicId'), text(input, 'text') ?? '', {
        replyTo: integer(input, 'replyTo') === undefined ? undefined : this.#at(input, 'replyTo'),
      }),
    edit: (operator, input) => void operator.edit(this.#at(input, 'messageId'), text(input, 'text') ?? ''),
    delete: (operator, input) => operator.delete(this.#at(input, 'messageId')),
    close: (operator, input) => operator.archive(this.#at(input, 'topicId')),
    reopen: (operator, input) => operator.unarchive(this.#at(input, 'topicId')),
    'delete-topic': (operator, input) => operator.deleteThread(this.#at(input, 'topicId')),
    typing: (operator, input) => operator.typing(this.#at(input, 'topicId')),
    read: (operator, input) => this.#read(operator.id, this.#at(input, 'topicId')),
  };

  #send(holder: DiscordOperator, files: readonly ScreenFile[], input: Params): void {
    const [place, [first]] = [this.#at(input, 'topicId'), files];
    if (first?.kind === 'voice') holder.sendVoice(place, first.bytes);
    else holder.sendFiles(place, files.map(sharedFile), text(input, 'text'));
  }

  #hello(operator: DiscordOperator): object {
    return {
      chat: {
        title: this.flat ? `#${this.guild.channels.get(this.state.channelId)?.name}` : this.guild.name,
        type: 'supergroup',
        is_forum: !this.flat,
      },
      me: { id: this.#numberOf(operator.id), name: operator.name, isBot: false },
      bot: this.#person(personView(this.guild, this.guild.bot.id)),
      topics: this.#topics(operator.id),
      commands: [],
      files: true,
    };
  }

  #topics(userId: string): object[] {
    const threads = this.guild.threadsIn(this.state.channelId).map((thread) => this.#topic(thread, userId));
    return this.#isForum ? threads : [this.#channel(userId), ...threads];
  }

  #channel(userId: string): object {
    const name = this.guild.channels.get(this.state.channelId)?.name ?? '';
    return {
      kind: 'topic',
      id: CHANNEL,
      title: `#${name}`,
      iconColor: '#5865f2',
      closed: false,
      deleted: false,
      date: 0,
      ...this.#state(this.state.channelId, userId),
    };
  }

  #topic(thread: StoredThread, userId: string): object {
    return {
      kind: 'topic',
      id: this.#numberOf(thread.id),
      title: thread.deleted ? '' : thread.name,
      iconColor: COLORS[this.#numberOf(thread.id) % COLORS.length],
      closed: thread.archived,
      deleted: thread.deleted,
      date: Math.floor(thread.archiveChangedAt / 1000),
      ...this.#state(thread.id, userId),
    };
  }

  #state(channelId: string, userId: string): object {
    const messages = this.guild.messagesIn(channelId);
    // That a thread was started is no news beside the thread itself.
    const last = channelId === this.state.channelId ? messages.findLast(isWords) : messages.at(-1);
    const seen = BigInt(this.state.reads.get(`${userId} ${channelId}`) ?? 0);
    const unread = messages.filter(
      (message) => BigInt(message.id) > seen && message.authorId !== userId && isWords(message),
    ).length;
    return { unread, ...(last && { lastMessage: this.#message(last) }) };
  }

  #message(message: StoredMessage): object {
    const seen = messageView(this.guild, message);
    const embeds = seen.embeds.map(embedOf);
    const preview = seen.text || embeds[0]?.text || seen.files.map(({ name }) => `📎 ${name}`).join(' ');
    return {
      kind: 'message',
      id: this.#numberOf(seen.id),
      topicId: this.#numberOf(seen.channelId),
      from: this.#person(seen.from),
      date: Math.floor(seen.at / 1000),
      type: seen.type,
      text: seen.text,
      preview,
      entities: seen.entities,
      embeds,
      files: seen.files.map(({ url, ...file }) => ({ ...file, path: pathOf(url) })),
      ...this.#quote(seen),
      reactions: seen.reactions,
      edited: seen.edited,
      deleted: seen.deleted,
    };
  }

  #quote({ replyTo }: DiscordMessage): object {
    return replyTo ? { replyTo: { ...replyTo, id: this.#numberOf(replyTo.id) } } : {};
  }

  #person({ id, name, isBot }: DiscordPerson): PhonePerson {
    return { id: this.#numberOf(id), name, isBot };
  }

  #tell(change: Change, userId: string, send: (event: string, content: unknown) => void): void {
    const sendPlace = (channelId: string): void => {
      const thread = this.guild.threads.get(channelId);
      if (thread?.parentId === this.state.channelId) send('topic', this.#topic(thread, userId));
      else if (channelId === this.state.channelId && !this.#isForum) send('topic', this.#channel(userId));
    };
    switch (change.type) {
      case 'message':
        send('message', this.#message(change.message));
        sendPlace(change.message.channelId);
        break;
      case 'thread':
        sendPlace(change.thread.id);
        break;
      case 'typing': {
        const from = this.#person(personView(this.guild, change.userId));
        if (change.userId !== userId)
          send('action', { topicId: this.#numberOf(change.channelId), from, action: 'typing' });
        break;
      }
      case 'read':
        if (change.userId === userId) sendPlace(change.channelId);
    }
  }

  #read(userId: string, channelId: string): void {
    const last = this.guild.messagesIn(channelId).at(-1)?.id;
    const key = `${userId} ${channelId}`;
    if (last === undefined || this.state.reads.get(key) === last) return;
    this.state.reads.set(key, last);
    this.guild.changes.tell({ type: 'read', channelId, userId });
  }

  get #isForum(): boolean {
    return this.guild.channels.get(this.state.channelId)?.type === ChannelType.forum;
  }

  #at(input: Params, name: string): string {
    const id = this.#ids.get(integer(input, name) ?? 0);
    if (id === undefined) throw new Error(`${name} is missing`);
    return id;
  }

  #numberOf(id: string): number {
    const known = this.state.numbers.get(id);
    if (known !== undefined) return known;
    const number = this.state.nextNumber++;
    this.state.numbers.set(id, number);
    this.#ids.set(number, id);
    return number;
  }
}

const isWords = ({ type }: StoredMessage): boolean => type === 0 || type === 19;

/** Where the page, which comes from the same place, gets a file. */
const pathOf = (url: string): string => {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
};

const COLORS = ['#3498db', '#1abc9c', '#9b59b6', '#e67e22', '#e91e63', '#2ecc71', '#f1c40f'];

const embedOf = ({
  color = '#5865f2',
  description,
  footer,
}: DiscordMessage['embeds'][number]): PhoneEmbed => ({
  color,
  text: description?.text ?? '',
  entities: description?.entities ?? [],
  ...(footer === undefined ? {} : { footer }),
});
