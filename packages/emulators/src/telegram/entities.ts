import { badRequest } from './errors.js';
import type { EntityType, MessageEntity } from './types.js';

/** A text and what is marked in it. */
export interface FormattedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

/** Characters in a text message after its entities were parsed. */
export const TEXT_LIMIT = 4096;

/** Characters in the caption of a photo. */
export const CAPTION_LIMIT = 1024;

/**
 * Brings a text into the form in which Telegram stores it: control characters become spaces, carriage returns
 * go, white space at both ends goes, and commands, mentions, hashtags and addresses are marked.
 */
export function settle(input: FormattedText): FormattedText {
  if (/\p{Surrogate}/u.test(input.text)) throw badRequest('strings must be encoded in UTF-8');
  const cleaned = trim(withoutCarriageReturns(input));
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

function withoutCarriageReturns({ text, entities }: FormattedText): FormattedText {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced here.
  const spaced = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ');
  if (!spaced.includes('\r')) return { text: spaced, entities };
  const before = (end: number) => spaced.slice(0, end).replaceAll('\r', '').length;
  return {
    text: spaced.replaceAll('\r', ''),
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

const patterns: readonly (readonly [EntityType, RegExp])[] = [
  ['url', /(?<![\w@.])https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}]/giu],
  ['email', /(?<![\w.+-])[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}(?![\w-])/giu],
  [
    'url',
    /(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|me|co|eu|de|fr|uk)(?:\/[^\s<>"']*)?(?![\w@.-])/giu,
  ],
  ['bot_command', /(?<![\p{L}\p{N}_/<>])\/[a-z0-9_]{1,64}(?:@[a-z0-9_]{3,32})?(?![\p{L}\p{N}_/<>])/giu],
  ['mention', /(?<![\p{L}\p{N}_])@[a-z0-9_]{3,32}(?![\p{L}\p{N}_])/giu],
  ['hashtag', /(?<![\p{L}\p{N}_])#[\p{L}\p{N}_]*[\p{L}_][\p{L}\p{N}_]*/giu],
];

const opaque: ReadonlySet<EntityType> = new Set(['code', 'pre', 'text_link', 'text_mention']);

function detected(text: string, explicit: readonly MessageEntity[]): MessageEntity[] {
  const taken = explicit.filter((entity) => opaque.has(entity.type));
  const found: MessageEntity[] = [];
  for (const [type, pattern] of patterns) {
    for (const match of text.matchAll(pattern)) {
      const entity: MessageEntity = { type, offset: match.index, length: match[0].length };
      if (![...taken, ...found].some((other) => overlaps(entity, other))) found.push(entity);
    }
  }
  return found;
}

const overlaps = (left: MessageEntity, right: MessageEntity): boolean =>
  left.offset < right.offset + right.length && right.offset < left.offset + left.length;
