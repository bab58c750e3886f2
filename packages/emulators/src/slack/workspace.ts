import type { Changes } from './changes.js';
import type { Files } from './files.js';
import { Room } from './room.js';
import { newId, type WorkspaceState } from './state.js';
import type { SlackEvent, StoredChannel, StoredUser } from './types.js';

export interface PersonName {
  /** What the others see, and what the emulator knows the person by. */
  readonly name: string;
  /** The name in full, if it is another one. */
  readonly realName?: string | undefined;
}

export interface NewChannel {
  /** Lower case, without the `#`. */
  readonly name: string;
  readonly isPrivate?: boolean;
  /** Whether the bot is a member; not unless told. */
  readonly hasBot?: boolean;
  readonly id?: string;
}

/** The channels and people of a workspace. */
export class Workspace {
  readonly #rooms = new Map<string, Room>();

  constructor(
    readonly state: WorkspaceState,
    readonly changes: Changes,
    private readonly now: () => number,
    private readonly emit: (event: SlackEvent) => void,
    readonly files: Files,
  ) {}

  room(channelId: string): Room | undefined {
    const channel = this.state.channels.get(channelId);
    if (!channel) return undefined;
    const room =
      this.#rooms.get(channelId) ??
      new Room(this.state, channel, this.changes, this.now, this.emit, this.files);
    this.#rooms.set(channelId, room);
    return room;
  }

  /** @throws RangeError if there is no such channel */
  roomAt(channelId: string): Room {
    const room = this.room(channelId);
    if (!room) throw new RangeError(`there is no channel ${channelId}`);
    return room;
  }

  add({ name, isPrivate = false, hasBot = false, id = newId(this.state, 'C') }: NewChannel): Room {
    const channel: StoredChannel = {
      id,
      name,
      isPrivate,
      created: Math.floor(this.now() / 1000),
      isArchived: false,
      hasBot,
      messages: new Map(),
      reads: new Map(),
    };
    this.state.channels.set(id, channel);
    this.changes.tell({ type: 'channel', channelId: id });
    return this.roomAt(id);
  }

  /** The person of that name, known from before or new. */
  person({ name, realName = name }: PersonName): StoredUser {
    const known = [...this.state.users.values()].find((user) => !user.isBot && user.displayName === name);
    if (known) return known;
    const user: StoredUser = {
      id: newId(this.state, 'U'),
      name: name.toLowerCase().replace(/[^a-z0-9]+/g, '.'),
      realName,
      displayName: name,
      isBot: false,
    };
    this.state.users.set(user.id, user);
    return user;
  }

  get bot(): StoredUser {
    const bot = this.state.users.get(this.state.app.botUserId);
    if (!bot) throw new Error('the workspace has no bot');
    return bot;
  }
}
