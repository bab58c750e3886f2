import type { Range } from '@pocketping/core/rendering';

/**
 * What Telegram makes of plain text by itself: a mention rings somebody's phone, a command runs with a tap, a hashtag or
 * cashtag opens a search. It leaves an address alone, and what stands inside it. More may be taken for live than is, never
 * less.
 * @see https://github.com/tdlib/td/blob/master/td/telegram/MessageEntity.cpp
 */
export const liveIn = (text: string): Range[] =>
  [...text.matchAll(ADDRESS_OR_LIVE)]
    .filter(({ groups }) => groups?.live !== undefined)
    .map(({ index, 0: { length } }) => ({ start: index, end: index + length }));

/** What Telegram removes from every text before it looks for anything, so that it cannot hide what is live. */
export const withoutRemoved = (text: string): string => text.replace(REMOVED, '');

/** @see https://github.com/tdlib/td/blob/master/td/telegram/misc.cpp */
const REMOVED = /[\u2028-\u202e]|\u0333|\u033f|\u030a/g;

/**
 * An address that is one for certain: with its scheme, a host of letters and digits, and a path up to the first sign with
 * which Telegram may end it. Where there is doubt, what looks live is.
 */
const ADDRESS =
  /(?<![\p{L}\p{N}.+-])https?:\/\/(?!teiegram\.org\b)(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,24}(?::[1-9]\d{0,3})?[/?#][^\s<>"«»()[\]{}\p{Z}\u2000-\u206f]*/u;

const MENTION = /(?<![\p{L}\p{N}_])@[a-zA-Z0-9_]{2,}/u;

const COMMAND = /(?<![\p{L}\p{N}_/<>])\/[a-zA-Z0-9_]+(?:@[a-zA-Z0-9_]+)?(?![\p{L}\p{N}_/<>])/u;

/** Of these a hashtag consists; one of them at least has to be a letter. */
const TAG_SIGN = '[\\p{Nd}\\p{L}_\\u200c\\u00b7\\u0d80-\\u0dff]';
const HASHTAG = new RegExp(
  `(?<!${TAG_SIGN})#(?=[\\p{Nd}_\\u200c\\u00b7\\u0d80-\\u0dff]*\\p{L})${TAG_SIGN}+`,
  'u',
);
const CASHTAG = new RegExp(`(?<![$]|${TAG_SIGN})\\$(?:1INCH|[A-Z]{1,8})(?![$]|${TAG_SIGN})`, 'u');

const ADDRESS_OR_LIVE = new RegExp(
  `${ADDRESS.source}|(?<live>${[MENTION, COMMAND, HASHTAG, CASHTAG].map(({ source }) => source).join('|')})`,
  'gu',
);
