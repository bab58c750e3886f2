import type { Identity, SessionCard } from '@pocketping/core';
import { foreign, oneLine, type Run } from './markup.js';
import { shortened, visitorName } from './title.js';
import { describeUserAgent } from './user-agent.js';

/** What of a visitor the team gets to see. */
export interface Shown {
  /** The page they are on. */
  readonly showUrl: boolean;
  /** What they use, where they come from, and what the site knows of them. */
  readonly showMetadata: boolean;
}

/** The first post of a topic. */
export const cardRuns = (card: SessionCard, shown: Shown): Run[] =>
  lines([
    identityLine(card),
    ...(shown.showUrl ? pageLines(card) : []),
    ...(shown.showMetadata ? metadataLines(card, shown) : []),
    [{ text: '🆔 ' }, { text: card.sessionId, tag: 'code' }],
  ]);

/** What to post when the visitor said who they are. */
export const identityRuns = (card: SessionCard, { showMetadata }: Shown): Run[] =>
  lines([identityLine(card), ...(showMetadata ? siteLines(card.identity) : [])]);

/** Characters shown of one value; a link in full is worth more than the room it takes, but not any amount of room. */
const VALUE_LENGTH = 300;

const identityLine = (card: SessionCard): Run[] => {
  const { identity } = card;
  const name = visitorName(card);
  const more = [identity?.email, identity?.phone]
    .map((value) => oneLine(value ?? ''))
    .filter((value) => value !== '' && value !== name);
  const standing = identity && (identity.verified ? '✅ verified' : 'unverified');
  return [
    { text: '👤 ' },
    ...foreign(shortened(name, VALUE_LENGTH), { tag: 'b' }),
    ...more.flatMap((value) => [{ text: ' · ' }, ...foreign(shortened(value, VALUE_LENGTH))]),
    ...(standing ? [{ text: ` · ${standing}` }] : []),
  ];
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

/** What the site's own backend or page told of the person. */
const siteLines = (identity: Identity | undefined): Run[][] => [
  ...labelled('User id: ', identity?.id),
  ...labelled('Customer: ', identity?.customerId),
  ...Object.entries(identity?.metadata ?? {}).flatMap(([key, entry]) =>
    labelled(`${shortened(oneLine(key), 64)}: `, entry === null ? undefined : String(entry)),
  ),
];

const deviceOf = (userAgent: string | undefined): string | undefined =>
  userAgent && (describeUserAgent(userAgent) ?? shortened(userAgent, 80));

const joined = (...values: readonly (string | undefined)[]): string =>
  values.filter((each) => each !== undefined && each !== '').join(' · ');

const labelled = (label: string, text: string | undefined): Run[][] => {
  const runs = value(text);
  return runs.length === 0 ? [] : [[...foreign(label), ...runs]];
};

const value = (text: string | undefined): Run[] => foreign(shortened(oneLine(text ?? ''), VALUE_LENGTH));

const lines = (all: readonly (readonly Run[])[]): Run[] =>
  all.flatMap((line, at) => (at === 0 ? line : [{ text: '\n' }, ...line]));
