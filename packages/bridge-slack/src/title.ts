import type { SessionCard } from '@pocketping/core';
import { oneLine } from './markup.js';
import { beginning } from './split.js';

/** What to call the visitor: their name, else their e-mail address, else the end of their id. Never empty, always one line. */
export const visitorName = ({ identity, visitorId }: SessionCard): string =>
  oneLine(identity?.name ?? '') ||
  oneLine(identity?.email ?? '') ||
  `Visitor ${oneLine(visitorId).slice(-4)}`;

/** The end of the session's id, to tell conversations apart and to search for one. */
export const tagOf = (sessionId: string): string => `#c${sessionId.replace(/[^a-z0-9]/gi, '').slice(-5)}`;

/** The path, or the host for a site's root. Queries and fragments carry secrets at times, so a title has none. */
export const pageOf = (url: string | undefined): string | undefined => {
  if (!url || !URL.canParse(url)) return undefined;
  const { pathname, host } = new URL(url);
  return oneLine(pathname === '/' || pathname === '' ? host : readable(pathname)) || undefined;
};

export const shortened = (text: string, max: number): string =>
  text.length <= max ? text : `${beginning(text, max - 1).trimEnd()}…`;

const readable = (path: string): string => {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
};
