import type { Identity } from '../model/index.js';
import type { SessionCard } from '../ports/index.js';
import { asItIs, type Penmanship } from './penmanship.js';
import { joinedBy, type Run } from './runs.js';
import { shortened } from './split.js';
import { oneLine } from './text.js';
import { describeUserAgent } from './user-agent.js';
import { visitorName } from './visitor.js';

/** What of a visitor the team gets to see. */
export interface Shown {
  /** The page they are on. */
  readonly showUrl: boolean;
  /** What they use, where they come from, and what the site knows of them. */
  readonly showMetadata: boolean;
}

/** What the team is told of a visitor. */
export interface VisitorCard {
  /** Who the visitor is: their name, and what else is known of them. */
  visitorLine(card: SessionCard): Run[];
  /** What is known of a visitor besides their name; nothing, at times. */
  contactLine(card: SessionCard): Run[];
  /** Where the visitor is, what they use, and what the site knows of them. */
  detailLines(card: SessionCard, shown: Shown): Run[][];
  /** What the site's own backend or page told of the person. */
  siteLines(identity: Identity | undefined): Run[][];
}

/** Characters shown of one value; a link in full is worth more than the room it takes, but not any amount of room. */
const VALUE_LENGTH = 300;

/**
 * @example
 * const { visitorLine } = visitorCard({ theirs: (text, look) => (text === '' ? [] : [{ ...look, text: harmless(text) }]) })
 */
export const visitorCard = ({ theirs = asItIs, address }: Penmanship = {}): VisitorCard => {
  const spaced = (all: readonly (readonly Run[])[]) => joinedBy(' · ', all);
  const lineOf = (text: string | undefined) => shortened(oneLine(text ?? ''), VALUE_LENGTH);
  const value = (text: string | undefined) => theirs(lineOf(text));
  const urlOf = (text: string | undefined) => (address ? address(lineOf(text)) : value(text));
  const labelled = (label: string, text: string | undefined): Run[][] => {
    const runs = value(text);
    return runs.length === 0 ? [] : [[...theirs(label), ...runs]];
  };

  const contactRuns = (card: SessionCard): Run[][] => {
    const { identity } = card;
    const name = visitorName(card);
    const known = [identity?.email, identity?.phone]
      .filter((each) => oneLine(each ?? '') !== name)
      .map(value);
    return identity ? [...known, [{ text: identity.verified ? '✅ verified' : 'unverified' }]] : [];
  };
  const pageLines = ({ metadata }: SessionCard): Run[][] => {
    const title = value(metadata.pageTitle);
    const url = urlOf(metadata.url);
    if (title.length === 0 && url.length === 0) return [];
    if (title.length === 0 || url.length === 0) return [[{ text: '📄 ' }, ...title, ...url]];
    return [[{ text: '📄 ' }, ...title], url];
  };
  const siteLines = (identity: Identity | undefined): Run[][] => [
    ...labelled('User id: ', identity?.id),
    ...labelled('Customer: ', identity?.customerId),
    ...Object.entries(identity?.metadata ?? {}).flatMap(([key, entry]) =>
      labelled(`${shortened(oneLine(key), 64)}: `, entry === null ? undefined : String(entry)),
    ),
  ];
  const metadataLines = ({ metadata, identity }: SessionCard, { showUrl }: Shown): Run[][] => [
    ...(showUrl ? labelled('↩️ From ', metadata.referrer) : []),
    ...labelled('💻 ', joined(deviceOf(metadata.userAgent), metadata.screenResolution)),
    ...labelled('🌍 ', joined(metadata.language, metadata.timezone)),
    ...labelled('📍 ', metadata.ip),
    ...siteLines(identity),
  ];
  return {
    visitorLine: (card) =>
      spaced([theirs(lineOf(visitorName(card)), { style: 'bold' }), ...contactRuns(card)]),
    contactLine: (card) => spaced(contactRuns(card)),
    detailLines: (card, shown) => [
      ...(shown.showUrl ? pageLines(card) : []),
      ...(shown.showMetadata ? metadataLines(card, shown) : []),
    ],
    siteLines,
  };
};

const deviceOf = (userAgent: string | undefined): string | undefined =>
  userAgent && (describeUserAgent(userAgent) ?? shortened(userAgent, 80));

const joined = (...values: readonly (string | undefined)[]): string =>
  values.filter((each) => each !== undefined && each !== '').join(' · ');
