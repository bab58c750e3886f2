import type { Changes } from './changes.js';
import type { Files } from './files.js';
import { type PersonName, personNamed } from './people.js';
import type { Random } from './random.js';
import { Room } from './room.js';
import { type ChatState, type EmulatorState, GENERAL, newChat, newChatId } from './state.js';
import type { BotCommand, User } from './types.js';
import type { UpdateQueue } from './updates.js';

export interface NewChat {
  readonly type: 'private' | 'group' | 'supergroup';
  /** A group's name; `Team chat` unless told. */
  readonly title?: string | undefined;
  /** Whether a supergroup has topics; false unless told. */
  readonly forum?: boolean | undefined;
  /** Invented in the platform's form unless told: negative for groups, `-100…` for supergroups, a person's id for private chats. */
  readonly id?: string | number | undefined;
  /** Whose private chat it is; whoever holds the page's phone unless told. */
  readonly person?: PersonName | undefined;
  /** What the bot is in it; `member` unless told. */
  readonly bot?: 'member' | 'administrator' | undefined;
}

/** The chats that there are. */
export class Rooms {
  readonly #rooms = new Map<number, Room>();

  constructor(
    readonly state: EmulatorState,
    readonly changes: Changes,
    readonly files: Files,
    private readonly updates: UpdateQueue,
    private readonly now: () => number,
    private readonly random: Random,
  ) {
    for (const chat of state.chats.values()) this.#open(chat);
  }

  /** The chat that the emulator began with. */
  get forum(): Room {
    return this.get(this.state.forumChatId)!;
  }

  get(chatId: string | number): Room | undefined {
    return this.#rooms.get(Number(chatId));
  }

  /** @throws RangeError if there is no such chat */
  at(chatId: string | number): Room {
    const room = this.get(chatId);
    if (!room) throw new RangeError(`there is no chat ${chatId}`);
    return room;
  }

  all(): Room[] {
    return [...this.#rooms.values()];
  }

  /**
   * Adds a chat. One with the same id that is there already is that chat.
   * @throws Error for an id that does not fit its type or belongs to somebody else
   */
  add(chat: NewChat, person: PersonName): Room {
    const id = chat.id === undefined ? undefined : checkedId(chat.type, Number(chat.id));
    const known = id === undefined ? undefined : this.get(id);
    if (known) return known;
    const made = chat.type === 'private' ? this.#privateChat(person, id) : this.#group(chat, chat.type, id);
    if (this.get(made.id)) return this.at(made.id);
    if (chat.bot === 'administrator') made.membership = { ...made.membership, status: 'administrator' };
    return this.#keep(made);
  }

  /**
   * Turns a basic group into a supergroup: another chat, whose messages begin anew. The old one remains and says where
   * to go.
   * @see https://core.telegram.org/bots/api#responseparameters
   */
  migrate(room: Room, by: User): Room {
    const { chat } = room;
    if (chat.type !== 'group') throw new Error(`a ${chat.type} chat cannot become a supergroup`);
    if (chat.migratedTo !== undefined) throw new Error(`chat ${chat.id} is a supergroup already`);
    const next = this.#group({ type: 'supergroup', title: chat.title }, 'supergroup', undefined);
    next.membership = chat.membership;
    next.people.push(...chat.people);
    const successor = this.#keep(next);
    room.post(by, GENERAL, { type: 'migrated_to', chatId: next.id });
    chat.migratedTo = next.id;
    successor.post(by, GENERAL, { type: 'migrated_from', chatId: chat.id });
    return successor;
  }

  setCommands(audience: string, commands: readonly BotCommand[]): void {
    this.state.commands.set(audience, commands);
    this.changes.tell({ type: 'commands' });
  }

  #privateChat(name: PersonName, id: number | undefined): ChatState {
    const person = personNamed(this.state, name, id);
    if (id !== undefined && id !== person.id)
      throw new Error(`${name.name} has the id ${person.id}, and so has the private chat`);
    const chat = { id: person.id, type: 'private', title: '', personId: person.id, isForum: false } as const;
    return newChat(chat, this.state.bot, this.now());
  }

  #group(chat: NewChat, type: 'group' | 'supergroup', id: number | undefined): ChatState {
    const isForum = chat.forum ?? false;
    if (isForum && type === 'group') throw new Error('only a supergroup can have topics');
    const title = chat.title ?? 'Team chat';
    return newChat({ id: id ?? this.#freeId(type), type, title, isForum }, this.state.bot, this.now());
  }

  #freeId(type: 'group' | 'supergroup'): number {
    const id = newChatId(type, this.random);
    return this.get(id) ? this.#freeId(type) : id;
  }

  #keep(chat: ChatState): Room {
    this.state.chats.set(chat.id, chat);
    const room = this.#open(chat);
    this.changes.tell({ type: 'chat', chatId: chat.id });
    return room;
  }

  #open(chat: ChatState): Room {
    const room = new Room(this.state, chat, this.changes, this.updates, this.now);
    this.#rooms.set(chat.id, room);
    return room;
  }
}

const SUPERGROUPS_BELOW = -1_000_000_000_000;

function checkedId(type: NewChat['type'], id: number): number {
  const fits =
    type === 'private'
      ? id > 0
      : type === 'supergroup'
        ? id < SUPERGROUPS_BELOW
        : id < 0 && id > SUPERGROUPS_BELOW;
  if (!Number.isSafeInteger(id) || !fits) throw new Error(`${id} is no id of a ${type} chat`);
  return id;
}
