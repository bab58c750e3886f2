import type { SessionCard } from '../ports/index.js';
import { oneLine } from './text.js';

/** What to call the visitor: their name, else their e-mail address, else the end of their id. Never empty, always one line. */
export const visitorName = ({ identity, visitorId }: SessionCard): string =>
  oneLine(identity?.name ?? '') ||
  oneLine(identity?.email ?? '') ||
  `Visitor ${oneLine(visitorId).slice(-4)}`;

/** The path, or the host for a site's root. Queries and fragments carry secrets at times, so a title has none. */
export const pageOf = (url: string | undefined): string | undefined => {
  if (!url || !URL.canParse(url)) return undefined;
  const { pathname, host } = new URL(url);
  return oneLine(pathname === '/' || pathname === '' ? host : decoded(pathname)) || undefined;
};

const decoded = (path: string): string => {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
};
