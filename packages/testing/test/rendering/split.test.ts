import { beginning, split } from '@pocketping/core/rendering';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const cut = (text: string, max: number) => split(text, max).map(({ start, end }) => text.slice(start, end));

/** Texts of everything that makes cutting hard: blanks, line breaks, emoji of many code points, combining marks. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '\n\n',
        '\n',
        ' ',
        '   ',
        'word',
        '👩‍👩‍👧‍👦',
        '🇵🇱🇩🇪',
        'e\u0301\u0302\u0303',
        '\r\n',
        '한',
        'x'.repeat(40),
      ),
    ),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join(''));

describe('split', () => {
  it('loses nothing, and keeps within the limit', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 80 }), (text, max) => {
        const pieces = cut(text, max);
        expect(pieces.join('')).toBe(text);
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(max);
        if (text !== '') for (const piece of pieces) expect(piece).not.toBe('');
      }),
    );
  });

  it('never cuts a surrogate pair, however small the pieces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 2, max: 7 }), (text, max) => {
        for (const piece of cut(text, max)) expect(piece).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });

  it('never cuts what a reader takes for one character, when it fits', () => {
    const family = '👩‍👩‍👧‍👦';
    for (const piece of cut(family.repeat(50), 30)) expect(piece.length % family.length).toBe(0);
  });

  it('cuts a character that is longer than a piece', () => {
    const pieces = cut(`e${'\u0301'.repeat(100)}`, 30);
    expect(pieces.map(({ length }) => length)).toEqual([30, 30, 30, 11]);
  });

  it('prefers the end of a paragraph, then of a line, then of a word', () => {
    expect(cut('one two\nthree\n\nfour five\nsix seven', 24)).toEqual([
      'one two\nthree\n\n',
      'four five\nsix seven',
    ]);
    expect(cut('one two three\nfour five six', 20)).toEqual(['one two three\n', 'four five six']);
    expect(cut('one two three four five', 12)).toEqual(['one two ', 'three four ', 'five']);
  });

  it('fills a piece rather than to follow a break near its beginning', () => {
    expect(cut(`a ${'b'.repeat(30)}`, 20)).toEqual([`a ${'b'.repeat(18)}`, 'b'.repeat(12)]);
  });

  it('leaves a short text alone', () => {
    expect(cut('one two', 7)).toEqual(['one two']);
    expect(cut('', 7)).toEqual(['']);
  });

  it('takes time in proportion to the text', () => {
    const started = performance.now();
    cut(' \n'.repeat(100_000), 4050);
    cut('a.'.repeat(100_000), 4050);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('beginning', () => {
  it('ends before a character that does not fit', () => {
    expect(beginning('ab👍🏽', 4)).toBe('ab');
    expect(beginning('abcd', 3)).toBe('abc');
    expect(beginning('abc', 3)).toBe('abc');
  });
});
