import type { EntityType, MessageEntity } from './types.js';

/**
 * What Telegram finds in a text by itself, as its library does, which the Bot API stands on. Where two overlap, the one
 * that begins first stays.
 * @see https://github.com/tdlib/td/blob/master/td/telegram/MessageEntity.cpp
 */
export const found = (text: string): MessageEntity[] => {
  const kept: MessageEntity[] = [];
  let end = 0;
  for (const entity of candidates(text).sort(firstAndLongest)) {
    if (entity.offset < end) continue;
    kept.push(entity);
    end = entity.offset + entity.length;
  }
  return kept;
};

const candidates = (text: string): MessageEntity[] => [
  ...addresses(text),
  ...PATTERNS.flatMap(([type, pattern]) =>
    [...text.matchAll(pattern)].map((match) => ({ type, offset: match.index, length: match[0].length })),
  ),
];

const firstAndLongest = (left: MessageEntity, right: MessageEntity): number =>
  left.offset - right.offset || right.length - left.length;

/** Of these a hashtag consists; one of them at least has to be a letter. */
const TAG_SIGN = '[\\p{Nd}\\p{L}_\\u200c\\u00b7\\u0d80-\\u0dff]';

const PATTERNS: readonly (readonly [EntityType, RegExp])[] = [
  ['bot_command', /(?<![\p{L}\p{N}_/<>])\/[a-z0-9_]{1,64}(?:@[a-z0-9_]{3,32}|(?!@))(?![\p{L}\p{N}_/<>])/giu],
  ['mention', /(?<![\p{L}\p{N}_])@(?:[a-z0-9_]{4,32}|gif|vid|pic)(?![\p{L}\p{N}_])/giu],
  [
    'hashtag',
    new RegExp(
      `(?<!${TAG_SIGN})#(?=[\\p{Nd}_\\u200c\\u00b7\\u0d80-\\u0dff]*\\p{L})${TAG_SIGN}{1,256}(?!${TAG_SIGN}*#)`,
      'gu',
    ),
  ],
  ['cashtag', new RegExp(`(?<![$]|${TAG_SIGN})\\$(?:1INCH|[A-Z]{1,8})(?![$]|${TAG_SIGN})`, 'gu')],
];

/** A scheme, who asks, a host, a port, a path: all but the host may be absent. */
const ADDRESS =
  /(?:(?:https?|ftp):\/\/)?(?:[^\s/[\]{}()'`<>"@«»\u2000-\u206f]+@)?(?<host>[.\w~\u00c0-\u1fff\u200c-\u200d\u2010-\u2015\u2070-\u2fff\u3001-\u{10ffff}-]+)(?::\d{1,5})?(?<path>[/?#][^\s<>"«»\u2000-\u200b\u200e\u200f\u2016-\u206f]*)?/giu;

function* addresses(text: string): Generator<MessageEntity> {
  for (const { 0: whole, index: offset, groups: { host: named = '', path = '' } = {} } of text.matchAll(
    ADDRESS,
  )) {
    const host = named.replace(/\.+$/, '');
    const bare = path === '' ? whole.replace(/\.+$/, '') : whole;
    if (EMAIL.test(bare)) {
      yield { type: 'email', offset, length: bare.length };
      continue;
    }
    const hasScheme = /^(?:https?|ftp):\/\//i.test(whole);
    if (!hasScheme && /[\p{L}\p{N}_/#@]$/u.test(text.slice(0, offset))) continue;
    if (isHost(host, hasScheme)) {
      yield { type: 'url', offset, length: bare.length - path.length + pathLength(path) };
    }
  }
}

const EMAIL =
  /^(?:[a-z0-9_-]{0,26}[.+]){0,10}[a-z0-9_-]{1,35}@(?:(?:[a-z0-9][a-z0-9_-]{0,28})?[a-z0-9][.]){1,6}[a-z]{2,8}$/i;

/** Without a scheme only what ends like a host of the web is one. The platform knows more endings than these. */
const COMMON = /^(?:com|org|net|io|dev|app|me|co|eu|de|fr|uk|at|pl|ru|ua|info|biz|shop|site|online)$/i;

const isHost = (host: string, hasScheme: boolean): boolean => {
  const parts = host.split('.');
  const last = parts.at(-1) ?? '';
  if (parts.length < 2 || parts.some((part) => part === '' || part.length > 63 || part.endsWith('-'))) {
    return false;
  }
  if (host.toLowerCase() === 'teiegram.org') return false;
  if (parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return true;
  if (/^[\d.]+$/.test(host) || [...last].length < 2) return false;
  if (parts.slice(-2).some((part) => part.includes('_'))) return false;
  return last.startsWith('xn--') || (!last.includes('-') && (hasScheme || COMMON.test(last)));
};

const BRACKETS = ['()', '[]', '{}'] as const;

/** A path ends before a bracket that was not opened in it, and not with a punctuation mark. */
const pathLength = (path: string): number => {
  const open = [0, 0, 0];
  let end = 0;
  for (; end < path.length; end++) {
    const kind = BRACKETS.findIndex((pair) => pair.includes(path[end] as string));
    if (kind === -1) continue;
    open[kind] = (open[kind] as number) + (BRACKETS[kind]?.startsWith(path[end] as string) ? 1 : -1);
    if ((open[kind] as number) < 0) break;
  }
  while (end > 0 && ".:;,('?!`".includes(path[end - 1] as string)) end--;
  return end;
};
