import type { SessionCard } from '@pocketping/core';
import { pageOf, type Shown, shortened, visitorCard, visitorName } from '@pocketping/core/rendering';
import { blocksOf, type Run } from './markup.js';
import { tagOf } from './title.js';

const theirs = (text: string, strong: boolean): Run[] =>
  text === '' ? [] : [{ text, ...(strong && { style: 'bold' as const }) }];

/** It can be clicked where it is an address of the web in full. */
const address = (text: string): Run[] =>
  theirs(text, false).map((run) => (isWebAddress(text) ? { ...run, isAddress: true } : run));

const isWebAddress = (text: string): boolean =>
  /^https?:\/\/[\x21-\x7e]+$/i.test(text) && !/[<>|]/.test(text) && URL.canParse(text);

export const { visitorLine, contactLine, detailLines, siteLines, lines } = visitorCard<Run>({
  ours: (text) => ({ text }),
  theirs,
  address,
});

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
        elements: [{ type: 'plain_text', text: `Replies here reach the visitor · ${tagOf(card.sessionId)}` }],
      },
    ],
  };
};

const NAME_LENGTH = 80;
const PAGE_LENGTH = 120;
