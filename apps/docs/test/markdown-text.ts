/** A block of code: fenced, at any depth of a list. */
const fence = /^([ \t]*)(```+|~~~+)[^\n]*\n(.*?)^\1\2[ \t]*$/gms;

/** What the blocks of code of a page say, in order, without the list's indentation. */
export const codeBlocks = (markdown: string): string[] =>
  [...markdown.matchAll(fence)].map(([, indent = '', , text = '']) =>
    text
      .split('\n')
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
      .join('\n')
      .trimEnd(),
  );

/** The letters and digits that a reader of the page sees, in order: all that is left when no markup counts. */
export const lettersOf = (markdown: string): string =>
  letters(
    markdown
      .replace(fence, (_all, _indent, _fence, text: string) => text)
      .replace(/^---\n.*?\n---\n/s, '')
      .replace(/^<!--.*?-->$/gms, '')
      // Of a link its text, of an ordered list not the numbers, which are no text of a page.
      .replace(/\]\((?:<[^>]*>|[^)\s]*)(?:\s+"[^"]*")?\)/g, ']')
      .replace(/^\s*\d+\. /gm, ''),
  );

export const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '');
