import { type FormattedText, outermostFirst } from './entities.js';
import { type ApiError, badRequest } from './errors.js';
import type { EntityType, MessageEntity } from './types.js';

/**
 * Reads a text with `parse_mode` HTML into plain text and entities.
 * @throws ApiError "Bad Request: can't parse entities: …", with the offset in UTF-8 bytes, as the platform does
 * @see https://core.telegram.org/bots/api#html-style
 */
export function parseHtml(source: string): FormattedText {
  const open: OpenTag[] = [];
  const entities: MessageEntity[] = [];
  let text = '';
  let at = 0;
  while (at < source.length) {
    const char = source[at];
    if (char === '&') {
      const character = reference(source, at);
      text += character?.text ?? '&';
      at += character?.length ?? 1;
    } else if (char !== '<') {
      text += char;
      at += 1;
    } else if (source[at + 1] === '/') {
      at = endTag(source, at, open, entities, text);
    } else {
      const tag = startTag(source, at);
      open.push({ ...tag, textOffset: text.length });
      at = tag.next;
    }
  }
  const unclosed = open.at(-1);
  if (unclosed) throw unparsable(`Can't find end tag corresponding to start tag "${unclosed.name}"`);
  return { text, entities: flatInsideCode(entities).sort(outermostFirst) };
}

/** Makes a text safe to stand inside HTML that `parseHtml` reads. */
export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly next: number;
}

interface OpenTag extends Tag {
  readonly textOffset: number;
}

const simpleTags: Readonly<Record<string, EntityType>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
  code: 'code',
};

const supported = new Set([...Object.keys(simpleTags), 'a', 'pre', 'blockquote', 'tg-emoji']);

function startTag(source: string, begin: number): Tag {
  let at = begin + 1;
  while (at < source.length && !/[\s>]/.test(source[at]!)) at += 1;
  if (at >= source.length) throw unparsable(`Unclosed start tag${where(source, begin)}`);
  const name = source.slice(begin + 1, at).toLowerCase();
  if (!supported.has(name)) throw unparsable(`Unsupported start tag "${name}"${where(source, begin)}`);
  const { attributes, next } = attributesOf(source, at, name, begin);
  if (name === 'span' && attributes.get('class') !== 'tg-spoiler')
    throw unparsable(`Tag "span" must have class "tg-spoiler"${where(source, begin)}`);
  return { name, attributes, next };
}

const attribute = /\s+([^\s=>/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[a-zA-Z0-9.-]+))?/y;

function attributesOf(source: string, from: number, name: string, begin: number) {
  const attributes = new Map<string, string>();
  let at = from;
  attribute.lastIndex = at;
  for (let match = attribute.exec(source); match; match = attribute.exec(source)) {
    at = attribute.lastIndex;
    const value = (match[2] ?? '').replace(/^(["'])(.*)\1$/s, '$2');
    attributes.set(match[1]!.toLowerCase(), decoded(value));
  }
  while (at < source.length && /\s/.test(source[at]!)) at += 1;
  if (source[at] !== '>') throw unparsable(`Unclosed start tag "${name}"${where(source, begin)}`);
  return { attributes, next: at + 1 };
}

function endTag(
  source: string,
  begin: number,
  open: OpenTag[],
  entities: MessageEntity[],
  text: string,
): number {
  const tag = open.pop();
  if (!tag) throw unparsable(`Unexpected end tag${where(source, begin)}`);
  const close = source.indexOf('>', begin);
  if (close < 0) throw unparsable(`Unclosed end tag${where(source, begin)}`);
  const name = source
    .slice(begin + 2, close)
    .trim()
    .toLowerCase();
  if (name !== '' && name !== tag.name)
    throw unparsable(
      `Unmatched end tag${where(source, begin)}, expected "</${tag.name}>", found "</${name}>"`,
    );
  const length = text.length - tag.textOffset;
  if (length > 0) {
    const mark = meaning(tag, text.slice(tag.textOffset));
    if (mark) entities.push({ ...mark, offset: tag.textOffset, length });
  }
  return close + 1;
}

type Mark = Pick<MessageEntity, 'type' | 'url' | 'language'>;

function meaning(tag: OpenTag, content: string): Mark | undefined {
  switch (tag.name) {
    case 'a':
      return link(tag.attributes.get('href') ?? content);
    case 'pre':
      return { type: 'pre' };
    case 'code': {
      const language = /^language-(.+)$/.exec(tag.attributes.get('class') ?? '')?.[1];
      return language === undefined ? { type: 'code' } : { type: 'code', language };
    }
    case 'blockquote':
      return { type: tag.attributes.has('expandable') ? 'expandable_blockquote' : 'blockquote' };
    case 'tg-emoji':
      // Custom emoji need a username bought on Fragment; without one the platform shows the plain emoji inside.
      return undefined;
    default:
      return { type: simpleTags[tag.name]! };
  }
}

/** A link the platform would not accept marks nothing; its text stays. */
function link(href: string): Mark | undefined {
  const address = /^[a-z][a-z0-9+.-]*:/i.test(href) ? href : `http://${href}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return ['http:', 'https:', 'tg:', 'ton:', 'mailto:'].includes(url.protocol)
    ? { type: 'text_link', url: url.href }
    : undefined;
}

/** Nothing is nested in code; `<pre><code class="language-x">` is one block with a language. */
function flatInsideCode(entities: readonly MessageEntity[]): MessageEntity[] {
  const blocks = entities.filter((entity) => entity.type === 'pre' || entity.type === 'code');
  return entities.flatMap((entity) => {
    const around = blocks.find((block) => block !== entity && encloses(block, entity));
    if (around && !(entity.type === 'pre' && sameSpan(entity, around))) return [];
    const { language, ...rest } = entity;
    if (entity.type !== 'pre') return [rest];
    const code = blocks.find((block) => block.type === 'code' && sameSpan(block, entity));
    return [code?.language === undefined ? rest : { ...rest, language: code.language }];
  });
}

const sameSpan = (left: MessageEntity, right: MessageEntity): boolean =>
  left.offset === right.offset && left.length === right.length;

const encloses = (outer: MessageEntity, inner: MessageEntity): boolean =>
  outer.offset <= inner.offset && inner.offset + inner.length <= outer.offset + outer.length;

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

function reference(source: string, at: number): { text: string; length: number } | undefined {
  const match = /^&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));?/i.exec(source.slice(at, at + 12));
  if (!match) return undefined;
  const [whole, hex, decimal, name] = match;
  if (name !== undefined) return { text: named[name.toLowerCase()]!, length: whole.length };
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const valid = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return valid ? { text: String.fromCodePoint(code), length: whole.length } : undefined;
}

function decoded(value: string): string {
  return value.replace(
    /&(?:#x[0-9a-f]{1,6}|#[0-9]{1,7}|lt|gt|amp|quot);?/gi,
    (found) => reference(found, 0)?.text ?? found,
  );
}

const where = (source: string, at: number): string =>
  ` at byte offset ${Buffer.byteLength(source.slice(0, at))}`;

const unparsable = (why: string): ApiError => badRequest(`can't parse entities: ${why}`);
