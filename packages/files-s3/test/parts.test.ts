import { expect, it } from 'vitest';
import { inParts } from '../src/parts.js';

const partsOf = async (pieces: readonly number[], size: number) => {
  const whole = Uint8Array.from({ length: pieces.reduce((sum, piece) => sum + piece, 0) }, (_, at) => at);
  let at = 0;
  const chunks = pieces.map((piece) => {
    at += piece;
    return whole.slice(at - piece, at);
  });
  const parts: Uint8Array[] = [];
  for await (const part of inParts(ReadableStream.from(chunks), size)) parts.push(part);
  expect(Buffer.concat(parts).equals(whole)).toBe(true);
  return parts.map(({ length }) => length);
};

it.each([
  ['nothing', [], [0]],
  ['less than a part', [3, 4], [7]],
  ['exactly one', [4, 6], [10, 0]],
  ['many in one piece', [35], [10, 10, 10, 5]],
  ['many pieces', Array(25).fill(1), [10, 10, 5]],
  ['pieces across', [9, 2, 9, 0, 1], [10, 10, 1]],
] as const)('a stream of %s comes in equal parts and a rest', async (_, pieces, parts) => {
  expect(await partsOf(pieces, 10)).toEqual(parts);
});
