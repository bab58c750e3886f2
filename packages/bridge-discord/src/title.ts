import type { SessionCard } from '@pocketping/core';
import { THREAD_NAME_LENGTH } from './limits.js';
import { oneLine } from './markup.js';
import { beginning } from './split.js';

/** Of these at most so many say who it is, so that there is room for where they are. */
const WHO_LENGTH = 64;

/** A thread's title: who writes, and from which page. */
export const titleOf = (card: SessionCard, { showUrl }: { readonly showUrl: boolean }): string => {
  const who = shortened(visitorName(card), WHO_LENGTH);
  const where = showUrl ? pageOf(card.metadata.url) : undefined;
  return where ? shortened(`${who} · ${where}`, THREAD_NAME_LENGTH) : who;
};

/** What to call the visitor: their name, else their e-mail address, else the end of their id. Never empty, always one line. */
export const visitorName = ({ identity, visitorId }: SessionCard): string =>
  oneLine(identity?.name ?? '') ||
  oneLine(identity?.email ?? '') ||
  `Visitor ${oneLine(visitorId).slice(-4)}`;

/** The same colour for the same visitor, always. */
export const colorOf = ({ visitorId }: SessionCard): number =>
  COLORS[hash(visitorId) % COLORS.length] as number;

/** Calm ones, which can be told apart on light and dark ground. */
const COLORS = [0x3498db, 0x1abc9c, 0x9b59b6, 0xe67e22, 0xe91e63, 0x2ecc71, 0xf1c40f] as const;

export const shortened = (text: string, max: number): string =>
  text.length <= max ? text : `${beginning(text, max - 1).trimEnd()}…`;

/** The path, or the host for a site's root. Queries and fragments carry secrets at times, so a title has none. */
const pageOf = (url: string | undefined): string | undefined => {
  if (!url || !URL.canParse(url)) return undefined;
  const { pathname, host } = new URL(url);
  return oneLine(pathname === '/' || pathname === '' ? host : readable(pathname)) || undefined;
};

const readable = (path: string): string => {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
};

/** FNV-1a. @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
};
