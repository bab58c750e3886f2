import type { SessionCard } from '../ports/index.js';
import { shortened } from './split.js';
import { pageOf, visitorName } from './visitor.js';

/**
 * What a conversation's thread is called: who writes, and from which page if that may be shown.
 * @param max characters that the platform allows
 */
export const threadTitle = (
  card: SessionCard,
  { showUrl }: { readonly showUrl: boolean },
  max: number,
): string => {
  const who = shortened(visitorName(card), WHO_LENGTH);
  const where = showUrl ? pageOf(card.metadata.url) : undefined;
  return where ? shortened(`${who} · ${where}`, max) : who;
};

/** Of a title at most so many characters say who it is, so that there is room for where they are. */
const WHO_LENGTH = 64;

/** The same one for the same visitor, always: a colour, say. */
export const ownOf = <Choice>({ visitorId }: SessionCard, choices: readonly [Choice, ...Choice[]]): Choice =>
  choices[fnv1a(visitorId) % choices.length] as Choice;

/** @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv */
const fnv1a = (text: string): number => {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
};

/** The end of the session's id, by which a team tells conversations apart and searches for one: `#c7k3f9`. */
export const hashtagOf = (sessionId: string): string =>
  `#c${sessionId.replace(/[^a-z0-9]/gi, '').slice(-TAG_LENGTH)}`;

const TAG_LENGTH = 5;
