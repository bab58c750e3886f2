import type { SessionCard } from '@pocketping/core';
import { pageOf, shortened, visitorName } from '@pocketping/core/rendering';
import { TOPIC_ICON_COLORS, TOPIC_NAME_LENGTH } from './limits.js';

/** Of these at most so many say who it is, so that there is room for where they are. */
const WHO_LENGTH = 64;

/** A topic's title: who writes, and from which page. */
export const titleOf = (card: SessionCard, { showUrl }: { readonly showUrl: boolean }): string => {
  const who = shortened(visitorName(card), WHO_LENGTH);
  const where = showUrl ? pageOf(card.metadata.url) : undefined;
  return where ? shortened(`${who} · ${where}`, TOPIC_NAME_LENGTH) : who;
};

/** The same colour for the same visitor, always. */
export const iconColorOf = ({ visitorId }: SessionCard): (typeof TOPIC_ICON_COLORS)[number] =>
  TOPIC_ICON_COLORS[hash(visitorId) % TOPIC_ICON_COLORS.length] as (typeof TOPIC_ICON_COLORS)[number];

/** FNV-1a. @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
};
