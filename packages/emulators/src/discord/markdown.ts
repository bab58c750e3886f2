/** A stretch of the shown text that looks special, in UTF-16 code units. */
export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
}

export interface Shown {
  /** What people read. */
  readonly text: string;
  readonly entities: readonly Entity[];
}

/** How ids in a text are shown. */
export type NameOf = (kind: 'user' | 'role' | 'channel', id: string) => string | undefined;

/**
 * What Discord's clients show of a message's content.
 * @see https://support.discord.com/hc/en-us/articles/210298617
 * @see https://discord.com/developers/docs/reference#message-formatting
 */
export const shownOf = (content: string, nameOf: NameOf = () => undefined): Shown => {
  const screen = new Screen(nameOf);
  blocks(screen, content);
  return { text: screen.text, entities: screen.entities.sort(outerFirst) };
};

class Screen {
  text = '';
  readonly entities: Entity[] = [];

  constructor(readonly nameOf: NameOf) {}

  write(words: string): void {
    this.text += words;
  }

  styled(type: string, write: () => void, url?: string): void {
    const offset = this.text.length;
    write();
    const length = this.text.length - offset;
    if (length > 0) this.entities.push({ type, offset, length, ...(url === undefined ? {} : { url }) });
  }
}

const outerFirst = (left: Entity, right: Entity): number =>
  left.offset - right.offset || right.length - left.length;

/** What begins a line is only there where a line begins. */
const blocks = (screen: Screen, source: string): void => {
  let rest = source;
  let first = true;
  while (rest !== '' || first) {
    if (!first) screen.write('\n');
    first = false;
    const code = /^```(?:[a-z0-9_+-]+\n)?\n?([\s\S]+?)\n?```\n?/i.exec(rest);
    if (code) {
      screen.styled('pre', () => screen.write(code[1] ?? ''));
      rest = rest.slice(code[0].length);
      if (rest === '') return;
      continue;
    }
    const everything = /^ *>>> ([\s\S]*)$/.exec(rest);
    if (everything) {
      screen.styled('blockquote', () => blocks(screen, everything[1] ?? ''));
      return;
    }
    const quoted = /^(?: *> [^\n]*(?:\n|$))+/.exec(rest);
    if (quoted) {
      const inner = quoted[0].replace(/\n$/, '').replace(/^ *> /gm, '');
      screen.styled('blockquote', () => blocks(screen, inner));
      rest = rest.slice(quoted[0].length);
      if (!quoted[0].endsWith('\n')) return;
      continue;
    }
    const end = endOfBlock(rest);
    line(screen, rest.slice(0, end));
    if (end >= rest.length) return;
    rest = rest.slice(end + 1);
  }
};

/** Formatting that was begun may go on over lines, but not into a block of another kind. */
const endOfBlock = (rest: string): number => {
  const next = /\n(?= *(?:>|#{1,3} |-# |[*-] |\d+\. |```))/.exec(rest);
  const special = /^ *(?:#{1,3} |-# |[*-] |\d+\. )/.test(rest);
  const newline = rest.indexOf('\n');
  if (special) return newline === -1 ? rest.length : newline;
  return next ? next.index : rest.length;
};

const line = (screen: Screen, text: string): void => {
  const [, heading] = /^ *#{1,3} +(.*)$/.exec(text) ?? [];
  const [, small] = /^ *-# +(.*)$/.exec(text) ?? [];
  const item = /^( *)(?:[*-]|(\d+\.)) +(.*)$/.exec(text);
  if (heading !== undefined) screen.styled('bold', () => inline(screen, heading));
  else if (small !== undefined) screen.styled('small', () => inline(screen, small));
  else if (item) {
    screen.write(`${item[1]}${item[2] ?? '•'} `);
    inline(screen, item[3] ?? '');
  } else inline(screen, text);
};

type Rule = readonly [pattern: RegExp, show: (screen: Screen, found: RegExpExecArray) => void];

const within =
  (type: string): Rule[1] =>
  (screen, found) =>
    screen.styled(type, () => inline(screen, found[1] ?? ''));

const mention =
  (kind: Parameters<NameOf>[0], sign: string): Rule[1] =>
  (screen, found) =>
    screen.styled('mention', () =>
      screen.write(`${sign}${screen.nameOf(kind, found[1] ?? '') ?? 'unknown'}`),
    );

/** Tried in this order at each place. */
const RULES: readonly Rule[] = [
  [/^\\([^0-9A-Za-z\s])/, (screen, found) => screen.write(found[1] ?? '')],
  [
    /^<((?:https?|discord):\/\/[^ >]+)>/,
    (screen, found) => screen.styled('url', () => screen.write(found[1] ?? '')),
  ],
  [/^<@!?(\d+)>/, mention('user', '@')],
  [/^<@&(\d+)>/, mention('role', '@')],
  [/^<#(\d+)>/, mention('channel', '#')],
  [/^<a?:(\w+):\d+>/, (screen, found) => screen.write(`:${found[1]}:`)],
  [/^<\/([^:]+):\d+>/, (screen, found) => screen.styled('mention', () => screen.write(`/${found[1]}`))],
  [
    /^<t:(-?\d+)(?::[tTdDfFR])?>/,
    (screen, found) => screen.write(new Date(Number(found[1]) * 1000).toUTCString()),
  ],
  [
    /^(?:https?|discord):\/\/[^\s<]+[^<.,:;"'\]\s]/,
    (screen, [address = '']) => screen.styled('url', () => screen.write(address)),
  ],
  [
    /^\[((?:\\.|[^[\]\\])+)\]\(\s*<?((?:https?|discord):\/\/[^\s>)]+)>?(?:\s+"[^"]*")?\s*\)/,
    (screen, found) => screen.styled('text_link', () => inline(screen, found[1] ?? ''), found[2]),
  ],
  [
    /^(`+)([\s\S]*?[^`])\1(?!`)/,
    (screen, found) => screen.styled('code', () => screen.write((found[2] ?? '').trim())),
  ],
  [/^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/, within('bold')],
  [/^__((?:\\[\s\S]|[^\\])+?)__(?!_)/, within('underline')],
  [/^\*(?=\S)((?:\\[\s\S]|\*\*|\s+(?:[^*\s\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/, within('italic')],
  [/^_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)/, within('italic')],
  [/^~~((?:\\[\s\S]|[^\\])+?)~~(?!_)/, within('strikethrough')],
  [/^\|\|([\s\S]+?)\|\|/, within('spoiler')],
  [/^@(?:everyone|here)/, (screen, [who = '']) => screen.styled('mention', () => screen.write(who))],
  [
    /^[\s\S](?:[0-9A-Za-z\s\u00c0-\uffff]*?(?=[^0-9A-Za-z\s\u00c0-\uffff]|\b(?:https?|discord):\/\/|$)|)/,
    (screen, [words = '']) => screen.write(words),
  ],
];

const inline = (screen: Screen, source: string): void => {
  let rest = source;
  while (rest !== '') {
    for (const [pattern, show] of RULES) {
      const found = pattern.exec(rest);
      if (!found) continue;
      show(screen, found);
      rest = rest.slice(found[0].length);
      break;
    }
  }
};
