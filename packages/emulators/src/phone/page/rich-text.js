import { el } from './dom.js';

/** @typedef {import('../../telegram/types.js').MessageEntity} Entity */

/**
 * A text with its entities as nodes. Overlapping entities are cut where the outer one ends.
 * @param {string} text
 * @param {readonly Entity[]} entities sorted by offset, the outer one first
 * @param {number} [from]
 * @param {number} [to]
 * @returns {Node[]}
 */
export function richText(text, entities, from = 0, to = text.length) {
  /** @type {Node[]} */
  const nodes = [];
  let at = from;
  entities.forEach((entity, index) => {
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (end <= start) return;
    if (start > at) nodes.push(document.createTextNode(text.slice(at, start)));
    const inside = entities.slice(index + 1).filter((other) => other.offset < end);
    nodes.push(wrapped(entity, text.slice(start, end), richText(text, inside, start, end)));
    at = end;
  });
  if (at < to) nodes.push(document.createTextNode(text.slice(at, to)));
  return nodes;
}

/**
 * @param {Entity} entity
 * @param {string} words
 * @param {Node[]} children
 * @returns {Node}
 */
function wrapped(entity, words, children) {
  switch (entity.type) {
    case 'bold':
      return el('strong', {}, ...children);
    case 'italic':
      return el('em', {}, ...children);
    case 'underline':
      return el('u', {}, ...children);
    case 'strikethrough':
      return el('s', {}, ...children);
    case 'code':
      return el('code', {}, ...children);
    case 'pre':
      return el('pre', {}, el('code', {}, ...children));
    case 'blockquote':
    case 'expandable_blockquote':
      return el('blockquote', {}, ...children);
    case 'spoiler':
      return el('span', { class: 'spoiler', tabindex: '0' }, ...children);
    case 'url':
      return link(/^https?:/i.test(words) ? words : `https://${words}`, children);
    case 'text_link':
      return link(entity.url ?? '', children);
    default:
      return el('span', { class: 'marked' }, ...children);
  }
}

/**
 * A link if it leads to the web; words otherwise.
 * @param {string} href
 * @param {Node[]} children
 */
function link(href, children) {
  const web = URL.canParse(href) && /^https?:$/.test(new URL(href).protocol);
  return web
    ? el('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow' }, ...children)
    : el('span', { class: 'marked' }, ...children);
}
