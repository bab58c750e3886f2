import type { Run } from './runs.js';

/** How a run looks, whatever its text. */
export type Look = Omit<Run, 'text'>;

/** What is special to a platform where names and words of strangers are written down. */
export interface Penmanship {
  /**
   * A stranger's text, made harmless; none of an empty text. As it is unless told, which will do where the platform's markup
   * escapes whatever could mean something to it.
   */
  theirs?(text: string, look?: Look): Run[];
  /** The address of a page; like any words of a stranger's unless told. */
  address?(text: string): Run[];
  /** How it shows that somebody spoke to the team only; `Private note by Ada` unless told. */
  readonly privately?: Privately;
}

/** Marks the name of somebody who speaks to the team only, so that nobody takes the words for an answer to the visitor. */
export interface Privately {
  /** Above what they say, behind the sign of a private note. */
  speaker(name: readonly Run[]): Run[];
  /** Before what they said earlier, where there is no sign. */
  cited(name: readonly Run[]): Run[];
}

export const asItIs = (text: string, look: Look = {}): Run[] => (text === '' ? [] : [{ ...look, text }]);
