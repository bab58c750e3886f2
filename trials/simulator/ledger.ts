import type { NewTask, WriteSet } from '@pocketping/core';
import type { MessageId, SessionId } from '@pocketping/protocol';
import { type Refused, type Text, textOf, utteranceOf } from './text.js';

/** Something somebody said, with every version of it. */
export interface Utterance {
  readonly number: number;
  /** `command`: nobody but the engine may ever see it. */
  readonly by: 'visitor' | 'operator' | 'site' | 'note' | 'command';
  readonly sessionId: SessionId;
  /** The platform it was typed on. */
  readonly platform?: string;
  /** By version. */
  readonly texts: Text[];
  readonly deeds: Deed[];
}

/** One attempt to say, change or take back something, from its begin to its end in the order of all deeds. */
export interface Deed {
  readonly what: 'say' | 'edit' | 'delete';
  readonly version: number;
  readonly began: number;
  ended: number;
  /** `unknown`: it may have been carried out. */
  outcome: 'done' | 'refused' | 'unknown';
}

/** What was done by whom: the truth that everything shown is held against. */
export class Ledger {
  readonly utterances = new Map<number, Utterance>();
  /** Which utterance a stored message is, as the commits told; the other way round there should be one for each. */
  readonly utteranceOf = new Map<MessageId, number>();
  readonly messagesOf = new Map<number, MessageId[]>();
  /** What a commit of a visitor's message set to work, by session. */
  readonly deliveries = new Map<SessionId, readonly NewTask[]>();
  /** Every session, in the order they began. */
  readonly sessions: SessionId[] = [];
  #tick = 0;

  utter(
    by: Utterance['by'],
    sessionId: SessionId,
    words: number,
    more: { refused?: Refused | undefined; platform?: string } = {},
  ): Utterance {
    const number = this.utterances.size + 1;
    const utterance: Utterance = {
      number,
      by,
      sessionId,
      texts: [textOf(number, 0, words, more.refused)],
      deeds: [],
      ...(more.platform !== undefined && { platform: more.platform }),
    };
    this.utterances.set(number, utterance);
    return utterance;
  }

  /** A new version of an utterance. */
  revise(utterance: Utterance, words: number, refused?: Refused): Text {
    const text = textOf(utterance.number, utterance.texts.length, words, refused);
    utterance.texts.push(text);
    return text;
  }

  begin(utterance: Utterance, what: Deed['what'], version = 0): Deed {
    const deed: Deed = {
      what,
      version,
      began: ++this.#tick,
      ended: Number.POSITIVE_INFINITY,
      outcome: 'unknown',
    };
    utterance.deeds.push(deed);
    return deed;
  }

  end(deed: Deed, outcome: Deed['outcome']): void {
    deed.ended = ++this.#tick;
    deed.outcome = outcome;
  }

  /** Something was written for good. */
  wrote({ insert = [], session, tasks }: WriteSet): void {
    if (session && 'create' in session) this.sessions.push(session.create.id);
    for (const { id, content, author } of insert) {
      const number = utteranceOf(content);
      if (number === undefined) continue;
      this.utteranceOf.set(id, number);
      this.messagesOf.set(number, [...(this.messagesOf.get(number) ?? []), id]);
      if (author.kind === 'visitor' && session && 'id' in session && tasks) {
        this.deliveries.set(session.id, tasks);
      }
    }
  }
}

/** The versions that a message may end with: those that no later deed has certainly replaced. */
export const possibleVersions = ({ deeds }: Utterance): Set<number> => {
  const effective = deeds.filter(({ what, outcome }) => what !== 'delete' && outcome !== 'refused');
  const last = effective.filter(
    (deed) => !effective.some((later) => later.outcome === 'done' && later.began > deed.ended),
  );
  return new Set(last.map(({ version }) => version));
};
