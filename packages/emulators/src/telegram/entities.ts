import { badRequest } from './errors.js';
import { found } from './found.js';
import type { EntityType, MessageEntity } from './types.js';

/** A text and what is marked in it. */
export interface FormattedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

/** Characters in a text message after its entities were parsed. */
export const TEXT_LIMIT = 4096;

/** Characters in a file's caption. */
export const CAPTION_LIMIT = 1024;

/**
 * Brings a text into the form in which Telegram stores it: control characters become spaces, carriage returns and what
 * turns directions go, white space at both ends goes, and commands, mentions, tags and addresses are marked.
 * @see https://github.com/tdlib/td/blob/master/td/telegram/misc.cpp
 */
export function settle(input: FormattedText): FormattedText {
  if (/\p{Surrogate}/u.test(input.text)) throw badRequest('strings must be encoded in UTF-8');
  const cleaned = trim(withoutRemoved(input));
  const entities = [...cleaned.entities, ...detected(cleaned.text, cleaned.entities)];
  return { text: cleaned.text, entities: entities.sort(outermostFirst) };
}

/** Length as the limits count it: in code points. */
export const characters = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/** Sorts entities so that what encloses comes before what is enclosed. */
export const outermostFirst = (left: MessageEntity, right: MessageEntity): number =>
  left.offset - right.offset || right.length - left.length;

/** Line and paragraph separators, embeddings, overrides and their end, and marks that draw vertical lines. */
const REMOVED = /\r|[\u2028-\u202e]|\u0333|\u033f|\u030a/g;

function withoutRemoved({ text, entities }: FormattedText): FormattedText {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced here.
  const spaced = text.replace(/[\u0000-\u0009\u000b\u000c\u000e-\u001f]/g, ' ');
  const kept = spaced.replace(REMOVED, '');
  if (kept.length === spaced.length) return { text: spaced, entities };
  const before = (end: number) => spaced.slice(0, end).replace(REMOVED, '').length;
  return {
    text: kept,
    entities: entities.map((entity) => {
      const offset = before(entity.offset);
      return { ...entity, offset, length: before(entity.offset + entity.length) - offset };
    }),
  };
}

function trim({ text, entities }: FormattedText): FormattedText {
  const trimmed = text.trim();
  const cut = text.length - text.trimStart().length;
  const kept: MessageEntity[] = [];
  for (const entity of entities) {
    const start = Math.max(entity.offset - cut, 0);
    const end = Math.min(entity.offset + entity.length - cut, trimmed.length);
    if (end > start) kept.push({ ...entity, offset: start, length: end - start });
  }
  return { text: trimmed, entities: kept };
}

const opaque: ReadonlySet<EntityType> = new Set(['code', 'pre', 'text_link', 'text_mention']);

/** What stands in a style that hides it is not marked. */
const detected = (text: string, explicit: readonly MessageEntity[]): MessageEntity[] => {
  const taken = explicit.filter((entity) => opaque.has(entity.type));
  return found(text).filter((entity) => !taken.some((other) => overlaps(entity, other)));
};

const overlaps = (left: MessageEntity, right: MessageEntity): boolean =>
  left.offset < right.offset + right.length && right.offset < left.offset + left.length;
