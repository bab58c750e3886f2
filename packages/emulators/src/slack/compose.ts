import { EMOJI, unicodeOf } from './emoji.js';
import { escaped } from './markup.js';
import type { Block, StoredChannel, StoredUser } from './types.js';

/** Who and what can be named in a message. */
export interface Nameable {
  readonly users: readonly StoredUser[];
  readonly channels: readonly StoredChannel[];
}

/** What a person's client sends for what they typed: mentions, links and emoji are found, everything else is words. */
export function composed(typed: string, nameable: Nameable): { text: string; blocks: Block[] } {
  const elements = elementsOf(typed, nameable);
  return {
    text: elements.map(markupOf).join(''),
    blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }],
  };
}

function elementsOf(typed: string, nameable: Nameable): Block[] {
  const elements: Block[] = [];
  let at = 0;
  const words = (end: number) => {
    if (end > at) elements.push({ type: 'text', text: typed.slice(at, end) });
  };
  while (at < typed.length) {
    const next = nextSpecial(typed, at, nameable);
    if (!next) break;
    words(next.start);
    elements.push(next.element);
    at = next.end;
  }
  words(typed.length);
  return elements;
}

interface Special {
  readonly start: number;
  readonly end: number;
  readonly element: Block;
}

const nextSpecial = (typed: string, from: number, nameable: Nameable): Special | undefined =>
  [
    ...mentions(typed, from, nameable),
    ...matches(typed, from, /https?:\/\/[^\s<>|]+[^\s<>|.,!?)]/gu, (url) => ({ type: 'link', url })),
    ...EMOJI.flatMap(([name, emoji]) =>
      found(typed, from, emoji, { type: 'emoji', name, unicode: unicodeOf(emoji) }),
    ),
  ].sort((left, right) => left.start - right.start || right.end - left.end)[0];

function mentions(typed: string, from: number, { users, channels }: Nameable): Special[] {
  return [
    ...[...users].flatMap(({ id, displayName, realName }) =>
      found(typed, from, `@${displayName || realName}`, { type: 'user', user_id: id }),
    ),
    ...[...channels].flatMap(({ id, name }) =>
      found(typed, from, `#${name}`, { type: 'channel', channel_id: id }),
    ),
    ...['here', 'channel', 'everyone'].flatMap((range) =>
      found(typed, from, `@${range}`, { type: 'broadcast', range }),
    ),
  ];
}

function found(typed: string, from: number, words: string, element: Block): Special[] {
  const start = typed.indexOf(words, from);
  return start < 0 ? [] : [{ start, end: start + words.length, element }];
}

function matches(typed: string, from: number, pattern: RegExp, element: (found: string) => Block): Special[] {
  pattern.lastIndex = from;
  const match = pattern.exec(typed);
  return match
    ? [{ start: match.index, end: match.index + match[0].length, element: element(match[0]) }]
    : [];
}

const markupOf = (element: Block): string => {
  switch (element.type) {
    case 'user':
      return `<@${element.user_id}>`;
    case 'channel':
      return `<#${element.channel_id}>`;
    case 'broadcast':
      return `<!${element.range}>`;
    case 'link':
      return `<${escaped(String(element.url))}>`;
    case 'emoji':
      return `:${element.name}:`;
    default:
      return escaped(String(element.text));
  }
};
