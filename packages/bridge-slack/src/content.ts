/** What a message is made of, for a reader without Slack. */
export type Token =
  | { readonly kind: 'text'; readonly text: string }
  /** A person is named. */
  | { readonly kind: 'user'; readonly id: string; readonly label?: string };

export type Fields = Readonly<Record<string, unknown>>;

/**
 * The words of a message. A person's message has them as rich text, which knows its emoji; others have only markup.
 * @see https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
 */
export const tokensOf = (message: Fields): Token[] => {
  const rich = listOf(message.blocks).filter(({ type }) => type === 'rich_text');
  const tokens = rich.flatMap(({ elements }) => joined(listOf(elements).map(richTokens), '\n'));
  return merged(tokens.length > 0 ? tokens : markupTokens(textOf(message.text)));
};

/** In plain text, with people's names. */
export const plainText = (tokens: readonly Token[], nameOf: (id: string) => string | undefined): string =>
  tokens
    .map((token) => (token.kind === 'text' ? token.text : `@${nameOf(token.id) ?? token.label ?? token.id}`))
    .join('')
    .trim();

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);

const word = (text: string): Token => ({ kind: 'text', text });

const richTokens = (element: Fields): Token[] => {
  const { type, elements } = element;
  switch (type) {
    case 'rich_text_list':
      return joined(
        listOf(elements).map((item, at) => [
          word(element.style === 'ordered' ? `${at + 1}. ` : '• '),
          ...richTokens(item),
        ]),
        '\n',
      );
    case 'rich_text_quote':
      return [word('> '), ...listOf(elements).flatMap(inlineTokens)];
    default:
      return listOf(elements).flatMap(inlineTokens);
  }
};

const inlineTokens = (element: Fields): Token[] => {
  const field = (name: string) => textOf(element[name]);
  switch (element.type) {
    case 'text':
      return [word(field('text'))];
    case 'link':
      return [word(linkText(field('url'), field('text')))];
    case 'emoji':
      return [word(emojiOf(field('unicode'), field('name')))];
    case 'user':
      return [{ kind: 'user', id: field('user_id') }];
    case 'broadcast':
      return [word(`@${field('range')}`)];
    case 'channel':
      return [word(field('text') || '#channel')];
    case 'usergroup':
      return [word('@group')];
    case 'date':
      return [word(field('fallback'))];
    case 'color':
      return [word(field('value'))];
    default:
      return [];
  }
};

/** @see https://docs.slack.dev/messaging/formatting-message-text */
const markupTokens = (markup: string): Token[] =>
  markup.split(/(<[^<>]*>)/).map((piece) => {
    const inside = /^<([^<>]*)>$/.exec(piece)?.[1];
    return inside === undefined ? word(unescaped(piece)) : controlToken(inside);
  });

const controlToken = (inside: string): Token => {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? '' : unescaped(inside.slice(bar + 1));
  const name = target.slice(1);
  switch (target[0]) {
    case '@':
      return { kind: 'user', id: name, ...(label && { label }) };
    case '#':
      return word(`#${label || 'channel'}`);
    case '!':
      return word(label || (/^(?:here|channel|everyone)$/.test(name) ? `@${name}` : '@group'));
    default:
      return word(linkText(unescaped(target), label));
  }
};

/** The address behind words is not lost, for without it they mean nothing. */
const linkText = (url: string, label: string): string => {
  const address = url.replace(/^mailto:/i, '');
  if (label === '' || addressIn(label) === addressIn(address)) return label || address;
  return `${label} (${address})`;
};

const addressIn = (text: string): string =>
  text
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/$/, '')
    .toLowerCase();

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** `1f44b-1f3fd` is a hand with its skin; an emoji of the workspace's own has a name only. */
const emojiOf = (unicode: string, name: string): string => {
  const codes = unicode.split('-').map((code) => Number.parseInt(code, 16));
  return codes.every((code) => code > 0 && code <= 0x10ffff) ? String.fromCodePoint(...codes) : `:${name}:`;
};

const joined = (all: readonly Token[][], separator: string): Token[] =>
  all
    .filter(({ length }) => length > 0)
    .flatMap((tokens, at) => (at === 0 ? tokens : [word(separator), ...tokens]));

/** Neighbouring words are one. */
const merged = (tokens: readonly Token[]): Token[] => {
  const result: Token[] = [];
  for (const token of tokens) {
    const last = result.at(-1);
    if (token.kind === 'text' && last?.kind === 'text') result.splice(-1, 1, word(last.text + token.text));
    else result.push(token);
  }
  return result;
};
