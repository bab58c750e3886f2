import { balanced, between, isBlank, oneLine, readable, shortened } from '@pocketping/core/rendering';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const turning = fc.string({
  unit: fc.constantFrom(
    '\u202a',
    '\u202b',
    '\u202c',
    '\u202d',
    '\u202e',
    '\u2066',
    '\u2067',
    '\u2068',
    '\u2069',
    'a',
    '\n',
  ),
  maxLength: 30,
});

/** What is left on a line when every pair is taken away, with what it encloses. */
const unpaired = (text: string): string =>
  text
    .split('\n')
    .map((line) => {
      let left = line.replaceAll('a', '');
      for (let before = ''; before !== left; ) {
        before = left;
        left = left.replace(/[\u202a\u202b\u202d\u202e]\u202c|[\u2066-\u2068]\u2069/g, '');
      }
      return left;
    })
    .join('');

describe('directions', () => {
  it('end with their line, whatever is written', () => {
    fc.assert(
      fc.property(turning, (text) => {
        expect(unpaired(balanced(text))).toBe('');
        expect(balanced(text).replace(/[^a\n]/g, '')).toBe(text.replace(/[^a\n]/g, ''));
        expect(balanced(balanced(text))).toBe(balanced(text));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a pair', '\u202eevil\u202c', '\u202eevil\u202c'],
    ['pairs within each other', '\u2067a\u202bb\u202cc\u2069', '\u2067a\u202bb\u202cc\u2069'],
    ['one that is not closed', 'a\u202eb', 'ab'],
    ['one that is closed on the next line', '\u202ea\nb\u202c', 'a\nb'],
    ['an end without a beginning', 'a\u202cb\u2069', 'ab'],
    [
      'an end that reaches out of an isolate',
      '\u202ea\u2067b\u202cc\u2069d\u202c',
      '\u202ea\u2067bc\u2069d\u202c',
    ],
    ['an isolate that ends what stands open in it', '\u2067a\u202eb\u2069c', '\u2067ab\u2069c'],
  ])('%s', (_, text, shown) => {
    expect(balanced(text)).toBe(shown);
  });

  it('are left out where a cut takes their beginning or their end away', () => {
    const runs = [{ text: 'a\u202eb' }, { text: 'c\u202cd', bold: true }];
    expect(between(runs, 0, 3)).toEqual([{ text: 'ab' }]);
    expect(between(runs, 2, 6)).toEqual([{ text: 'b' }, { text: 'cd', bold: true }]);
    expect(between(runs, 0, 6)).toEqual(runs);
    expect(shortened('\u202ea very long name\u202c', 8)).toBe('a very…');
  });
});

describe('readable text', () => {
  it('has no halves of characters and no control characters, and one sign for the end of a line', () => {
    expect(readable('a\u0000b\u009bc\td\r\ne\rf\u2028g\u2029h\u0085i\ud800')).toBe(
      'abc\td\ne\nf\ng\nh\ni\ufffd',
    );
  });

  it('keeps joiners, marks and letters of every script', () => {
    const text = 'שלום\u200f! مرحبا می‌خواهم 👩‍👩‍👧‍👦 ❤️ नमस्ते a\u200bb';
    expect(readable(text)).toBe(text);
  });

  it('turns nothing behind it', () => {
    expect(readable('Ada\u202e')).toBe('Ada');
  });
});

describe('one line', () => {
  it('has no line breaks, control characters or changes of direction', () => {
    expect(oneLine(' Anna\n\u0000\u202eevil\u2066 \t Kowalska ')).toBe('Anna evil Kowalska');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(oneLine(text)).not.toMatch(/[\n\r\u2028\u202e]|\p{Surrogate}/u);
      }),
    );
  });

  it('keeps the joiners that letters and emoji need', () => {
    expect(oneLine('👩‍💻 می‌خواهم')).toBe('👩‍💻 می‌خواهم');
  });
});

describe('a blank text', () => {
  it('is one in which nothing can be seen', () => {
    expect([' \n\u200b\u202e\u2800', '', '.'].map(isBlank)).toEqual([true, true, false]);
  });
});
