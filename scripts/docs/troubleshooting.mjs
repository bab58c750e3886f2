/**
 * @typedef {object} Entry
 * @property {string} title
 * @property {readonly string[]} quotes messages, word for word, one a line
 * @property {string} text all of it
 */

/** The entries of a page in which each `###` quotes messages in blocks of `text`. @returns {Entry[]} */
export const entries = (markdown) =>
  markdown
    .split(/^#{1,3} /m)
    .slice(1)
    .map((text) => ({ text, title: text.split('\n')[0], quotes: quotes(text) }))
    .filter(({ text, quotes }) => quotes.length > 0 || markdown.includes(`\n### ${text}`));

const quotes = (text) =>
  [...text.matchAll(/^```text\n(.*?)^```/gms)].flatMap(([, block]) => block.trimEnd().split('\n'));
