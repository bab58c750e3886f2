import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { isSaid, sayings } from '../../../docs/messages.mjs';
import { entries } from '../../../docs/troubleshooting.mjs';
import { root } from '../../../workspace.mjs';

const said = sayings();
const quotes = entries(readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8')).flatMap(
  (entry) => entry.quotes,
);
/** What the page quotes, as the code makes it: each quote with the pattern that it is an example of, anywhere in a text. */
const quoted = quotes.map((quote) =>
  said
    .filter((pattern) => pattern.test(quote) && isSaid(quote, [pattern, ...said]))
    .map(({ source }) => new RegExp(source.slice(1, -1), 's')),
);

/** That whoever sees this message finds it on the page. */
export const isOnThePage = (message) => {
  expect(typeof message).toBe('string');
  const found = quotes.filter((_, index) => quoted[index].some((pattern) => pattern.test(message)));
  expect(found, `“${message}” is not on the page`).not.toEqual([]);
};
