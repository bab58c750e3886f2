import { readFileSync } from 'node:fs';

/** A block of code of a page. */
export interface Block {
  /** Of its first line of code, from 1. */
  readonly line: number;
  /** What stands behind the fence; empty for a drawing. */
  readonly language: string;
  readonly title?: string;
  readonly text: string;
}

const FENCE = /^```(\w*)(?: title="([^"]*)")?\n(.*?)^```$/gms;

const markdown = readFileSync(new URL('../../../../docs/sdk/nodejs.md', import.meta.url), 'utf8');

/** Every block of the page about Node.js. */
export const blocks: readonly Block[] = [...markdown.matchAll(FENCE)].map(
  ({ 1: language = '', 2: title, 3: text = '', index }) => ({
    line: markdown.slice(0, index).split('\n').length + 1,
    language,
    ...(title !== undefined && { title }),
    text,
  }),
);

/** The one block that has these words. */
export const blockWith = (...words: string[]): Block => {
  const [found, ...more] = blocks.filter(({ text }) => words.every((word) => text.includes(word)));
  if (!found || more.length > 0) throw new Error(`One block of the page should have ${words.join(' and ')}`);
  return found;
};
