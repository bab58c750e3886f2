import type { EventNote, Note, Quote, SessionCard } from '../ports/index.js';
import { type Shown, visitorCard } from './card.js';
import { eventCount, eventJson, eventName } from './event.js';
import { asItIs, type Penmanship } from './penmanship.js';
import { lines, type Run } from './runs.js';
import { ICONS, isVisitors, NAME_LENGTH } from './speech.js';
import { shortened } from './split.js';
import { type Spoken, spoken } from './spoken.js';
import { visitorName } from './visitor.js';

/** A note that tells something, rather than what somebody said. */
export type Told = Exclude<Note, { readonly kind: 'message' | 'messages' }>;

/** What notes say, alike on every platform. */
export interface NoteWords extends Spoken {
  /** What a note tells, in a thread of its conversation; a card without the session's id. */
  toldRuns(note: Told, shown: Shown): Run[];
  /** Whose conversation it is and, of a message that is not the visitor's, who speaks: `Bob via support → Ada`. */
  whoseRuns(note: Note, card: SessionCard): Run[];
  /** What a note tells, below the sign and the visitor's name with which posts begin that stand among other conversations. */
  toldBelowRuns(note: Told, shown: Shown): Run[];
}

/**
 * @example
 * const { speakerRuns, toldRuns } = noteWords({ theirs: (text, look) => (text === '' ? [] : [{ ...look, text: harmless(text) }]) })
 */
export const noteWords = (pen: Penmanship = {}): NoteWords => {
  const { theirs = asItIs } = pen;
  const { nameRuns, speakerNameRuns, citedNameRuns, contentRuns, ...messages } = spoken(pen);
  const { visitorLine, contactLine, detailLines, siteLines } = visitorCard(pen);

  const recapRuns = (quotes: readonly Quote[]): Run[] => [
    { text: 'What was said before', style: 'bold' },
    ...quotes.flatMap((quote) => [
      { text: '\n' },
      ...citedNameRuns(quote),
      { text: ': ' },
      ...contentRuns(quote.content),
    ]),
  ];
  const eventRuns = (note: EventNote): Run[] =>
    lines([
      [...theirs(eventName(note), { style: 'bold' }), { text: eventCount(note) }],
      theirs(eventJson(note) ?? '', { style: 'block' }),
      sessionLine(note.sessionId),
    ]);
  const visitorRuns = (card: SessionCard): Run[] => [{ text: `${ICONS.visitor} ` }, ...visitorLine(card)];
  const siteRuns = (card: SessionCard, { showMetadata }: Shown): Run[][] =>
    showMetadata ? siteLines(card.identity) : [];

  const toldBelowRuns = (note: Told, shown: Shown): Run[] => {
    switch (note.kind) {
      case 'card':
        return lines([contactLine(note.card), ...detailLines(note.card, shown)]);
      case 'identity':
        return lines([[IDENTIFIED], contactLine(note.card), ...siteRuns(note.card, shown)]);
      case 'closed':
        return [{ text: 'Closed by ' }, ...nameRuns(note.by)];
      case 'reopened':
        return [{ text: 'Reopened by ' }, ...nameRuns(note.by)];
      case 'departure':
        return [{ text: 'The visitor ended the conversation. Replies no longer reach them.' }];
      case 'recap':
        return recapRuns(note.messages);
      case 'notice':
        return theirs(note.text);
      case 'event':
        return eventRuns(note);
    }
  };
  return {
    ...messages,
    toldBelowRuns,
    toldRuns: (note, shown) => {
      switch (note.kind) {
        case 'card':
          return lines([visitorRuns(note.card), ...detailLines(note.card, shown)]);
        case 'identity': {
          const heading = [{ text: `${ICONS.identity} ` }, IDENTIFIED];
          return lines([heading, visitorRuns(note.card), ...siteRuns(note.card, shown)]);
        }
        default:
          return [{ text: `${ICONS[note.kind]} ` }, ...toldBelowRuns(note, shown)];
      }
    },
    whoseRuns: (note, card) => [
      ...(note.kind === 'message' && !isVisitors(note) ? [...speakerNameRuns(note), { text: ' → ' }] : []),
      ...theirs(shortened(visitorName(card), NAME_LENGTH), { style: 'bold' }),
    ],
  };
};

/** Names the session, by what a website's own backend calls it. */
export const sessionLine = (sessionId: string): Run[] => [
  { text: '🆔 ' },
  { text: sessionId, style: 'code' },
];

const IDENTIFIED: Run = { text: 'The visitor says who they are', style: 'italic' };
