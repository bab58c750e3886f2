import type { PocketPing, VisitorActor } from '@pocketping/core';

/** What a visitor has said, as it stands now: a word of its own that no other version of it has. */
export interface Utterance {
  readonly id: string;
  readonly at: number;
  /** Every word it ever was, the newest last. */
  readonly words: string[];
  deleted: boolean;
}

/** A visitor, and what they said. A word tells whose it is, which of theirs, and in which version: `anna-3`, `anna-3e1`. */
export class Guest {
  readonly said: Utterance[] = [];
  /** When each word was chosen. */
  readonly chosenAt = new Map<string, number>();

  private constructor(
    readonly name: string,
    readonly sessionId: string,
    private readonly actor: VisitorActor,
    private readonly pp: PocketPing,
  ) {}

  static async arrives(pp: PocketPing, name: string): Promise<Guest> {
    const { session, token } = await pp.conversation.connect({ visitorId: name }, {});
    if (token === undefined) throw new Error('connect gave no token');
    return new Guest(name, session.id, await pp.conversation.authenticate(token), pp);
  }

  async say(): Promise<Utterance> {
    const word = `${this.name}-${this.said.length}`;
    const { sessionId, pp } = this;
    const { id } = await pp.conversation.send(this.actor, { sessionId, content: word });
    const at = pp.clock.now();
    const utterance: Utterance = { id, at, words: [word], deleted: false };
    this.said.push(utterance);
    this.chosenAt.set(word, at);
    return utterance;
  }

  async edit(utterance: Utterance): Promise<void> {
    const content = `${utterance.words[0]}e${utterance.words.length}`;
    const { sessionId, pp } = this;
    await pp.conversation.edit(this.actor, { sessionId, messageId: utterance.id, content });
    utterance.words.push(content);
    this.chosenAt.set(content, pp.clock.now());
  }

  async remove(utterance: Utterance): Promise<void> {
    const { sessionId, pp } = this;
    await pp.conversation.remove(this.actor, { sessionId, messageId: utterance.id });
    utterance.deleted = true;
  }

  async type(): Promise<void> {
    await this.pp.conversation.type(this.actor, { sessionId: this.sessionId, isTyping: true });
  }

  /** The words that ought to be seen of this visitor, in order. */
  standing(): string[] {
    return this.said.filter(({ deleted }) => !deleted).map(({ words }) => words.at(-1) as string);
  }

  /** What the team said, as the visitor sees it, oldest first. */
  async hears(): Promise<string[]> {
    const messages = await this.pp.getMessages(this.sessionId);
    return messages.filter(({ sender }) => sender === 'operator').map(({ content }) => content);
  }
}
