import type { Actor } from '../model/index.js';
import type { MessageNote, Note, Quote } from '../ports/index.js';
import { shortened } from './split.js';
import { oneLine } from './text.js';

/** Who speaks, and to whom. */
export type Speech = Pick<Quote, 'author' | 'audience'>;

/** The signs with which posts begin. */
export const ICONS = {
  visitor: '👤',
  operator: '💬',
  ai: '🤖',
  identity: '🪪',
  event: '⚡',
  closed: '🔒',
  reopened: '🔓',
  departure: '👋',
  recap: '📜',
  notice: 'ℹ️',
  private: '📝',
} as const;

/** The sign of whoever speaks, or of what they say to the team only: nobody should take that for an answer to the visitor. */
export const iconOf = ({ author: { kind }, audience }: Speech): string => {
  if (audience === 'team') return ICONS.private;
  return kind === 'visitor' || kind === 'ai' ? ICONS[kind] : ICONS.operator;
};

/** The sign with which a post begins that stands among other conversations. */
export const signOf = (note: Note): string => {
  switch (note.kind) {
    case 'message':
      return iconOf(note);
    case 'messages':
      return ICONS.visitor;
    case 'card':
      return '🆕';
    default:
      return ICONS[note.kind];
  }
};

/** Whether the visitor says it, whose words need no name in their own conversation. */
export const isVisitors = ({ author, audience }: Speech): boolean =>
  author.kind === 'visitor' && audience !== 'team';

/** Characters of a name that are shown. */
export const NAME_LENGTH = 64;

/** Characters shown of a message that another one answers. */
export const QUOTE_LENGTH = 200;

/** What to call whoever speaks. Never empty, always one line. */
export const actorName = ({ kind, name }: Actor): string =>
  shortened(oneLine(name ?? ''), NAME_LENGTH) || UNNAMED[kind];

const UNNAMED: Readonly<Record<Actor['kind'], string>> = {
  visitor: 'Visitor',
  operator: 'Operator',
  apiKey: 'Website',
  ai: 'AI',
  system: 'PocketPing',
};

/** Stands for words of which nothing can be seen: platforms refuse them, and the team should still know that there were some. */
export const NOTHING_VISIBLE = '(nothing visible)';

/** The messages of a note, each of which may have files. */
export const messagesIn = (note: Note): readonly MessageNote[] => {
  if (note.kind === 'message') return [note];
  return note.kind === 'messages' ? note.messages : [];
};
