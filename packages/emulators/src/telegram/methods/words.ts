import { CAPTION_LIMIT, characters, type FormattedText, settle, TEXT_LIMIT } from '../entities.js';
import { badRequest } from '../errors.js';
import { parseHtml } from '../html.js';
import { isObject, type Params, structure, text } from '../params.js';
import type { EntityType, MessageEntity } from '../types.js';

/**
 * Reads a text with its `parse_mode` or `entities`.
 * @throws ApiError for what cannot be parsed, is empty, or is over the limit
 */
export function formatted(params: Params, tooLong: string): FormattedText {
  const words = settle(parsed(text(params, 'text') ?? '', params, 'entities'));
  if (words.text === '') throw badRequest('message text is empty');
  if (characters(words.text) > TEXT_LIMIT) throw badRequest(tooLong);
  return words;
}

/**
 * Reads a caption, which may be empty, with its `parse_mode` or `caption_entities`.
 * @throws ApiError for what cannot be parsed or is over the limit
 */
export function captioned(params: Params): FormattedText {
  const words = settle(parsed(text(params, 'caption') ?? '', params, 'caption_entities'));
  if (characters(words.text) > CAPTION_LIMIT) throw badRequest('message caption is too long');
  return words;
}

function parsed(source: string, params: Params, entities: string): FormattedText {
  const mode = text(params, 'parse_mode')?.toLowerCase();
  if (mode === 'html') return parseHtml(source);
  if (mode) throw badRequest('unsupported parse_mode');
  const list = structure(params, entities);
  if (list === undefined) return { text: source, entities: [] };
  if (!Array.isArray(list)) throw badRequest("can't parse entities: expected an Array of MessageEntity");
  return { text: source, entities: list.flatMap((entity) => given(entity, source.length)) };
}

const types: ReadonlySet<string> = new Set<EntityType>([
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'blockquote',
  'expandable_blockquote',
  'code',
  'pre',
  'text_link',
]);

/** Entities that the platform finds by itself, and types it does not know, are passed over in silence. */
function given(entity: unknown, length: number): MessageEntity[] {
  if (!isObject(entity)) throw badRequest("can't parse MessageEntity: expected an Object");
  const { type, offset, url, language } = entity;
  if (typeof type !== 'string' || typeof offset !== 'number' || typeof entity.length !== 'number')
    throw badRequest("can't parse MessageEntity: wrong type, offset or length");
  if (!types.has(type) || offset < 0 || entity.length <= 0 || offset >= length) return [];
  return [
    {
      type: type as EntityType,
      offset,
      length: Math.min(entity.length, length - offset),
      ...(typeof url === 'string' ? { url } : {}),
      ...(typeof language === 'string' ? { language } : {}),
    },
  ];
}
