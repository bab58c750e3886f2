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

/** The page about Node.js. */
export const page = new URL('../../../../docs/sdk/nodejs.md', import.meta.url);

const FENCE = /^```(\w*)(?: title="([^"]*)")?\n(.*?)^```$/gms;

export const blocksOf = (of: URL): Block[] => {
  const markdown = readFileSync(of, 'utf8');
  return [...markdown.matchAll(FENCE)].map(({ 1: language = '', 2: title, 3: text = '', index }) => ({
    line: markdown.slice(0, index).split('\n').length + 1,
    language,
    ...(title !== undefined && { title }),
    text,
  }));
};
