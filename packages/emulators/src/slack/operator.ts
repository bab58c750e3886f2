import { type SharedFile, sampleFile } from '../shared-file.js';
import { composed } from './compose.js';
import { newClientMsgId, type Room } from './room.js';
import { type SlackSeen, seen } from './snapshot.js';
import type { StoredFile, StoredMessage, StoredUser } from './types.js';
import type { PersonName, Workspace } from './workspace.js';

type SpecialFile = Partial<Pick<StoredFile, 'mode' | 'externalUrl' | 'isForeign' | 'clip'>>;

/** Characters of a message that a person sends. */
const LENGTH = 12_000;

/**
 * Somebody with a phone, in one channel.
 * @throws Error from every act that names a message that does not exist or that is not theirs
 */
export class SlackOperator {
  readonly user: StoredUser;

  constructor(
    private readonly workspace: Workspace,
    private readonly name: PersonName,
    private readonly room: Room,
  ) {
    this.user = workspace.person(name);
  }

  /** The same person in another channel. */
  in(channelId: string): SlackOperator {
    return new SlackOperator(this.workspace, this.name, this.workspace.roomAt(channelId));
  }

  /** Writes in a thread. `@PocketPing` mentions the bot, `@here` everybody; links and emoji are found. */
  type(threadTs: string, words: string): SlackSeen {
    this.#message(threadTs, true);
    return this.#post(words, threadTs);
  }

  /** Writes in the channel itself. */
  say(words: string): SlackSeen {
    return this.#post(words, undefined);
  }

  edit(ts: string, words: string): SlackSeen {
    const message = this.#own(ts);
    const content = this.#composed(words);
    if (content.text === message.text) return seen(this.room, message);
    return seen(this.room, this.room.edit(message, content, this.user.id));
  }

  /** Deletes an own message; as an administrator of the workspace, anybody's. */
  delete(ts: string): void {
    this.room.remove(this.#message(ts));
  }

  /** Shares a file; of a name alone, one that has something in it. */
  share(threadTs: string, file: string | SharedFile, words = ''): SlackSeen {
    return this.shareFiles(threadTs, [file], words);
  }

  /** Shares files in one message. @param special what is out of the ordinary about them */
  shareFiles(
    threadTs: string,
    shared: readonly (string | SharedFile)[],
    words = '',
    special: SpecialFile = {},
  ): SlackSeen {
    const { files } = this.workspace;
    const kept = shared.map((file) =>
      files.add(typeof file === 'string' ? sampleFile(file) : file, this.user.id, special),
    );
    const content = words === '' ? { text: '' } : this.#composed(words);
    return seen(this.room, this.room.post({ ...content, userId: this.user.id, threadTs, files: kept }));
  }

  /** Adds a reaction, or takes it back. */
  react(ts: string, name: string): void {
    const message = this.#message(ts);
    this.room.react(message, this.user, name, !(message.reactions?.[name] ?? []).includes(this.user.id));
  }

  read(threadTs: string): void {
    this.room.read(this.user, threadTs);
  }

  #post(words: string, threadTs: string | undefined): SlackSeen {
    if (this.room.channel.isArchived) throw new Error('the channel is archived');
    const content = this.#composed(words);
    const message = this.room.post({
      ...content,
      userId: this.user.id,
      clientMsgId: newClientMsgId(),
      threadTs,
    });
    return seen(this.room, message);
  }

  #composed(typed: string) {
    const words = typed.trim();
    if (words === '') throw new Error('a message needs a text');
    if (words.length > LENGTH) throw new Error(`a message has at most ${LENGTH} characters`);
    const { users, channels } = this.workspace.state;
    return composed(words, { users: [...users.values()], channels: [...channels.values()] });
  }

  #own(ts: string): StoredMessage {
    const message = this.#message(ts);
    if (message.userId !== this.user.id) throw new Error(`message ${ts} is not ${this.user.realName}'s`);
    return message;
  }

  #message(ts: string, orTombstone = false): StoredMessage {
    const message = this.room.channel.messages.get(ts);
    if (!message || message.deleted === 'gone' || (message.deleted && !orTombstone)) {
      throw new Error(`there is no message ${ts}`);
    }
    return message;
  }
}
