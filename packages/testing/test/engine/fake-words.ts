import type { Note, SessionCard } from '@pocketping/core';

/** What a thread is called. */
export const title = ({ identity, visitorId }: SessionCard): string => identity?.name ?? visitorId;

/** What a note reads, without markup. */
export const describe = (note: Note): string => {
  switch (note.kind) {
    case 'card':
      return `card ${title(note.card)}`;
    case 'identity':
      return `identity ${title(note.card)}`;
    case 'message': {
      const hidden = note.audience === 'team' ? 'note: ' : '';
      const from = note.author.kind === 'visitor' ? '' : `${note.author.name ?? note.author.kind}: `;
      const quote = note.replyTo && !note.replyTo.native ? `[${note.replyTo.content}] ` : '';
      return `${hidden}${from}${quote}${note.content}`;
    }
    case 'messages':
      return note.messages.map(describe).join(' + ');
    case 'recap':
      return `recap ${note.messages.map(({ content, audience }) => (audience === 'team' ? `note: ${content}` : content)).join(' | ')}`;
    case 'notice':
      return `notice ${note.text}`;
    case 'event':
      return `event ${note.name}${note.count === undefined ? '' : ` ×${note.count}`} ${JSON.stringify(note.data ?? null)}`;
    case 'closed':
      return `closed by ${note.by.name ?? note.by.id}`;
    default:
      return note.kind;
  }
};
