import type { Identity, SessionCard } from '@pocketping/core';
import { describeUserAgent, oneLine, shortened, visitorName } from '@pocketping/core/rendering';
import { foreign, type Run } from './markup.js';

/** What of a visitor the team gets to see. */
export interface Shown {
  /** The page they are on. */
  readonly showUrl: boolean;
  /** What they use, where they come from, and what the site knows of them. */
  readonly showMetadata: boolean;
}

/** Who the visitor is: their name, and what else is known of them. */
export const visitorLine = (card: SessionCard): Run[] => spaced([nameRuns(card), ...contactRuns(card)]);

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

/** Characters shown of one value; a link in full is worth more than the room it takes, but not any amount of room. */
const VALUE_LENGTH = 300;

const nameRuns = (card: SessionCard): Run[] =>
  foreign(shortened(visitorName(card), VALUE_LENGTH), { tag: 'b' });

const contactRuns = (card: SessionCard): Run[][] => {
  const { identity } = card;
  const name = visitorName(card);
  const known = [identity?.email, identity?.phone]
    .map((value) => oneLine(value ?? ''))
    .filter((value) => value !== name)
    .map((value) => foreign(shortened(value, VALUE_LENGTH)));
  return identity ? [...known, [{ text: identity.verified ? '✅ verified' : 'unverified' }]] : [];
};

const pageLines = ({ metadata }: SessionCard): Run[][] => {
  const title = value(metadata.pageTitle);
  const url = value(metadata.url);
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
  return runs.length === 0 ? [] : [[...foreign(label), ...runs]];
};

const value = (text: string | undefined): Run[] => foreign(shortened(oneLine(text ?? ''), VALUE_LENGTH));

const spaced = (all: readonly (readonly Run[])[]): Run[] => joinedBy(' · ', all);

const joinedBy = (separator: string, all: readonly (readonly Run[])[]): Run[] =>
  all
    .filter(({ length }) => length > 0)
    .flatMap((runs, at) => (at === 0 ? runs : [{ text: separator }, ...runs]));
