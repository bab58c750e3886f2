import type { Note, Part, SessionCard } from '@pocketping/core';
import { asQuote, asRecap } from '../text.js';

/** What a title or a card says of a session. */
export const titleOf = ({ identity, visitorId }: SessionCard): string => identity?.name ?? visitorId;

/** Characters shown of what a message answers. */
const QUOTED = 12;

/** What every post begins with that shows no message. */
export const NOTE = '§ ';

/** What every private note begins with. */
export const PRIVATE = '(team) ';

/** A note as posts of so many characters; words stay whole. */
export const rendered = (note: Note, card: SessionCard, postLength: number, threadless: boolean): Part[] => {
  const isMessage = note.kind === 'message' || note.kind === 'messages';
  const marked = `${isMessage ? '' : NOTE}${threadless ? `#${card.sessionId} ` : ''}`;
  return linesOf(textOf(note), postLength).map((line) => ({
    plain: `${marked}${line}`,
    markup: `*${marked}${line}*`,
  }));
};

const textOf = (note: Note): string => {
  switch (note.kind) {
    case 'card':
    case 'identity':
      return `${note.kind}: ${titleOf(note.card)}`;
    case 'message': {
      const quote =
        note.replyTo && !note.replyTo.native ? `[${asQuote(note.replyTo.content).slice(0, QUOTED)}] ` : '';
      return `${note.audience === 'team' ? PRIVATE : ''}${quote}${note.edited ? '~' : ''}${note.content}`;
    }
    case 'messages':
      return note.messages.map(textOf).join(' + ');
    case 'recap':
      return `recap: ${note.messages.map(({ content }) => asRecap(content)).join(' | ')}`;
    case 'notice':
      return `notice: ${note.text}`;
    case 'closed':
    case 'reopened':
      return `${note.kind} by ${note.by.name ?? note.by.id}`;
    case 'departure':
      return 'departure';
    case 'event':
      return `event: ${note.name} ${JSON.stringify(note.data ?? {})} × ${note.count ?? 1}`;
  }
};

const linesOf = (text: string, length: number): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > length) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
};
