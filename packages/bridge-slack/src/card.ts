import type { SessionCard } from '@pocketping/core';
import {
  hashtagOf,
  pageOf,
  type Shown,
  shortened,
  visitorCard,
  visitorName,
} from '@pocketping/core/rendering';
import { blocksOf } from './markup.js';
import { pen } from './pen.js';

const { contactLine } = visitorCard(pen);

/** The message with which a conversation's thread begins: who it is, and where they were when they first wrote. */
export const parentOf = (
  card: SessionCard,
  { showUrl }: Pick<Shown, 'showUrl'>,
): { text: string; blocks: object[] } => {
  const name = shortened(visitorName(card), NAME_LENGTH);
  const page = showUrl ? pageOf(card.metadata.url) : undefined;
  const where = page === undefined ? [] : [{ text: `\n📄 ${shortened(page, PAGE_LENGTH)}` }];
  const contact = contactLine(card);
  return {
    text: page === undefined ? name : `${name} · ${shortened(page, PAGE_LENGTH)}`,
    blocks: [
      ...blocksOf([
        { text: '👤 ' },
        { text: name, style: 'bold' },
        ...(contact.length > 0 ? [{ text: ' · ' }, ...contact] : []),
        ...where,
      ]),
      {
        type: 'context',
        elements: [
          { type: 'plain_text', text: `Replies here reach the visitor · ${hashtagOf(card.sessionId)}` },
        ],
      },
    ],
  };
};

const NAME_LENGTH = 80;
const PAGE_LENGTH = 120;
