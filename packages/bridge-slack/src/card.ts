import type { Identity, SessionCard } from '@pocketping/core';
import { describeUserAgent, oneLine, pageOf, shortened, visitorName } from '@pocketping/core/rendering';
import { blocksOf, type Run } from './markup.js';
import { tagOf } from './title.js';

/** What of a visitor the team gets to see. */
export interface Shown {
  /** The page they are on. */
  readonly showUrl: boolean;
  /** What they use, where they come from, and what the site knows of them. */
  readonly showMetadata: boolean;
}

/** The message with which a conversation's thread begins: who it is, and where they were when they first wrote. */
export const parentOf = (card: SessionCard, { showUrl }: Shown): { text: string; blocks: object[] } => {
  const name = shortened(visitorName(card), NAME_LENGTH);
  const page = showUrl ? pageOf(card.metadata.url) : undefined;
  const where = page === undefined ? [] : [{ text: `\n📄 ${shortened(page, PAGE_LENGTH)}` }];
  return {
    text: page === undefined ? name : `${name} · ${shortened(page, PAGE_LENGTH)}`,
    blocks: [
      ...blocksOf([
        { text: '👤 ' },
        { text: name, style: 'bold' },
        ...spacedAfter(contactRuns(card)),
        ...where,
      ]),
      {
        type: 'context',
        elements: [{ type: 'plain_text', text: `Replies here reach the visitor · ${tagOf(card.sessionId)}` }],
      },
    ],
  };
};

/** Who the visitor is: their name, and what else is known of them. */
export const visitorLine = (card: SessionCard): Run[] => [
  { text: shortened(visitorName(card), VALUE_LENGTH), style: 'bold' },
  ...spacedAfter(contactRuns(card)),
];

/** What is known of a visitor besides their name; nothing, at times. */
export const contactLine = (card: SessionCard): Run[] => spaced(contactRuns(card));

/** Where the visitor is, what they use, and what the site knows of them. */
export const detailLines = (card: SessionCard, shown: Shown): Run[][] => [
  ...(shown.showUrl ? pageLines(card) : []),
  ...(shown.showMetadata ? metadataLines(card, shown) : []),
];

/** What the site's own backend or page told of the person. */
export const siteLines = (identity: Identity | undefined): Run[][] => [
  ...labelled('User id: ', identity?.id),
  ...labelled('Customer: ', identity?.customerId),
  ...Object.entries(identity?.metadata ?? {}).flatMap(([key, entry]) =>
    labelled(`${shortened(oneLine(key), 64)}: `, entry === null ? undefined : String(entry)),
  ),
];

/** One below the other. What is empty takes no line. */
export const lines = (all: readonly (readonly Run[])[]): Run[] => joinedBy('\n', all);

const NAME_LENGTH = 80;
const PAGE_LENGTH = 120;

/** Characters shown of one value; a link in full is worth more than the room it takes, but not any amount of room. */
const VALUE_LENGTH = 300;

const contactRuns = (card: SessionCard): Run[][] => {
  const { identity } = card;
  const name = visitorName(card);
  const known = [identity?.email, identity?.phone]
    .map((each) => oneLine(each ?? ''))
    .filter((each) => each !== name && each !== '')
    .map((each) => [{ text: shortened(each, VALUE_LENGTH) }]);
  return identity ? [...known, [{ text: identity.verified ? '✅ verified' : 'unverified' }]] : [];
};

const pageLines = ({ metadata }: SessionCard): Run[][] => {
  const title = value(metadata.pageTitle);
  const url = address(metadata.url);
  if (title.length === 0 && url.length === 0) return [];
  if (title.length === 0 || url.length === 0) return [[{ text: '📄 ' }, ...title, ...url]];
  return [[{ text: '📄 ' }, ...title], url];
};

const metadataLines = (card: SessionCard, { showUrl }: Shown): Run[][] => {
  const { metadata, identity } = card;
  return [
    ...(showUrl ? labelled('↩️ From ', metadata.referrer) : []),
    ...labelled('💻 ', joined(deviceOf(metadata.userAgent), metadata.screenResolution)),
    ...labelled('🌍 ', joined(metadata.language, metadata.timezone)),
    ...labelled('📍 ', metadata.ip),
    ...siteLines(identity),
  ];
};

const deviceOf = (userAgent: string | undefined): string | undefined =>
  userAgent && (describeUserAgent(userAgent) ?? shortened(userAgent, 80));

const joined = (...values: readonly (string | undefined)[]): string =>
  values.filter((each) => each !== undefined && each !== '').join(' · ');

const labelled = (label: string, text: string | undefined): Run[][] => {
  const runs = value(text);
  return runs.length === 0 ? [] : [[{ text: label }, ...runs]];
};

const value = (text: string | undefined): Run[] => {
  const line = shortened(oneLine(text ?? ''), VALUE_LENGTH);
  return line === '' ? [] : [{ text: line }];
};

/** It can be clicked where it is an address of the web in full. */
const address = (text: string | undefined): Run[] =>
  value(text).map((run) => (isWebAddress(run.text) ? { ...run, isAddress: true } : run));

const isWebAddress = (text: string): boolean =>
  /^https?:\/\/[\x21-\x7e]+$/i.test(text) && !/[<>|]/.test(text) && URL.canParse(text);

const spaced = (all: readonly (readonly Run[])[]): Run[] => joinedBy(' · ', all);

const spacedAfter = (all: readonly (readonly Run[])[]): Run[] =>
  all.length === 0 ? [] : [{ text: ' · ' }, ...spaced(all)];

const joinedBy = (separator: string, all: readonly (readonly Run[])[]): Run[] =>
  all
    .filter(({ length }) => length > 0)
    .flatMap((runs, at) => (at === 0 ? runs : [{ text: separator }, ...runs]));
