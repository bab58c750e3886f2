import { el } from './dom.js';

/** @typedef {import('../../slack/types.js').Block} Block */
/** @typedef {{ user: (id: string) => string | undefined }} Names */

/**
 * What a message says, as nodes. Text only ever becomes text.
 * @param {{ blocks: readonly Block[], markup: string, mrkdwn: boolean }} message
 * @param {Names} names
 * @returns {Node[]}
 */
export function wordsOf({ blocks, markup, mrkdwn }, names) {
  if (blocks.length === 0) return [el('div', {}, ...markupNodes(markup, names, mrkdwn))];
  return blocks.map((block) => blockNode(block, names));
}

/**
 * @param {Block} block
 * @param {Names} names
 * @returns {Node}
 */
function blockNode(block, names) {
  switch (block.type) {
    case 'rich_text':
      return el('div', {}, ...list(block.elements).map((element) => richNode(element, names)));
    case 'header':
      return el('h3', {}, textOf(block.text));
    case 'section':
      return el(
        'div',
        {},
        ...[block.text, ...list(block.fields)]
          .filter(Boolean)
          .flatMap((object) => objectNodes(object, names)),
      );
    case 'context':
      return el(
        'p',
        { class: 'context' },
        ...list(block.elements).flatMap((object) => objectNodes(object, names)),
      );
    default:
      return el('hr');
  }
}

/**
 * @param {Block} element
 * @param {Names} names
 * @returns {Node}
 */
function richNode(element, names) {
  const inside = () => list(element.elements).map((each) => inlineNode(each, names));
  switch (element.type) {
    case 'rich_text_quote':
      return el('blockquote', {}, ...inside());
    case 'rich_text_preformatted':
      return el('pre', {}, ...inside());
    case 'rich_text_list':
      return el('ul', {}, ...list(element.elements).map((item) => el('li', {}, richNode(item, names))));
    default:
      return el('div', {}, ...inside());
  }
}

/**
 * @param {Block} element
 * @param {Names} names
 * @returns {Node}
 */
function inlineNode(element, names) {
  const field = (/** @type {string} */ name) => String(element[name] ?? '');
  switch (element.type) {
    case 'text':
      return styled(field('text'), /** @type {Record<string, boolean>} */ (element.style ?? {}));
    case 'link':
      return link(field('url'), field('text') || field('url'));
    case 'user':
      return mention(`@${names.user(field('user_id')) ?? field('user_id')}`);
    case 'broadcast':
      return mention(`@${field('range')}`);
    case 'emoji':
      return document.createTextNode(emoji(field('unicode'), field('name')));
    default:
      return mention(`#${field('channel_id')}`);
  }
}

/**
 * @param {string} text
 * @param {Record<string, boolean>} style
 * @returns {Node}
 */
function styled(text, style) {
  /** @type {Node} */
  let node = document.createTextNode(text);
  if (style.bold) node = el('strong', {}, node);
  if (style.italic) node = el('em', {}, node);
  if (style.code) node = el('code', {}, node);
  return node;
}

/**
 * @param {unknown} object
 * @param {Names} names
 * @returns {Node[]}
 */
function objectNodes(object, names) {
  const { type, text = '' } = /** @type {{ type?: string, text?: string }} */ (object);
  return type === 'mrkdwn' ? markupNodes(text, names, true) : [document.createTextNode(text)];
}

/**
 * The platform's own markup, as far as people and bots here write it.
 * @param {string} markup
 * @param {Names} names
 * @param {boolean} formats false: only what stands in angle brackets means something
 * @returns {Node[]}
 */
function markupNodes(markup, names, formats) {
  const pattern = formats ? /<([^<>]+)>|\*([^*\n]+)\*|(?<!\w)_([^_\n]+)_(?!\w)|`([^`\n]+)`/g : /<([^<>]+)>/g;
  /** @type {Node[]} */
  const nodes = [];
  let at = 0;
  for (const match of markup.matchAll(pattern)) {
    nodes.push(document.createTextNode(unescaped(markup.slice(at, match.index))));
    at = match.index + match[0].length;
    const [, control, bold, italic, code] = match;
    if (control !== undefined) nodes.push(controlNode(control, names));
    else if (bold !== undefined) nodes.push(el('strong', {}, unescaped(bold)));
    else if (italic !== undefined) nodes.push(el('em', {}, unescaped(italic)));
    else nodes.push(el('code', {}, unescaped(code ?? '')));
  }
  nodes.push(document.createTextNode(unescaped(markup.slice(at))));
  return nodes;
}

/**
 * @param {string} inside
 * @param {Names} names
 */
function controlNode(inside, names) {
  const [target = '', label] = inside.split('|');
  if (target.startsWith('@')) return mention(`@${names.user(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith('!')) return mention(label ?? `@${target.slice(1)}`);
  if (target.startsWith('#')) return mention(`#${label ?? target.slice(1)}`);
  return link(unescaped(target), unescaped(label ?? target));
}

/** @param {string} words */
const mention = (words) => el('span', { class: 'mention' }, words);

/**
 * A link if it leads to the web; words otherwise.
 * @param {string} href
 * @param {string} words
 */
function link(href, words) {
  const web = URL.canParse(href) && /^https?:$/.test(new URL(href).protocol);
  return web
    ? el('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow' }, words)
    : el('span', {}, words);
}

/**
 * @param {string} unicode
 * @param {string} name
 */
const emoji = (unicode, name) =>
  unicode === ''
    ? `:${name}:`
    : String.fromCodePoint(...unicode.split('-').map((code) => Number.parseInt(code, 16)));

/** @param {string} text */
const unescaped = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** @param {unknown} object */
const textOf = (object) => String(/** @type {{ text?: unknown } | undefined} */ (object)?.text ?? '');

/** @param {unknown} value @returns {Block[]} */
const list = (value) => (Array.isArray(value) ? value : []);
