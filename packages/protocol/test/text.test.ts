import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientId, lenientText, text } from '../src/index.js';

const utf8 = (value: string) =>
  new TextDecoder('utf-8', { fatal: true }).decode(new TextEncoder().encode(value));

/** Any sequence of UTF-16 code units, lone surrogates and NULs included, as a browser can send with `\u` escapes. */
const anything = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.integer({ min: 0xd800, max: 0xdfff }),
      fc.constantFrom(0, 0x41, 0x0a),
    ),
    { maxLength: 40 },
  )
  .map((units) => String.fromCharCode(...units));

test('what `text` accepts survives a round trip through UTF-8, and JSON', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const result = text(40).safeParse(value);
      if (!result.success) return;
      expect(utf8(result.data)).toBe(value);
      expect(JSON.parse(utf8(JSON.stringify(result.data)))).toBe(value);
    }),
    { numRuns: 2000 },
  );
});

test('what `text` refuses, UTF-8 or a database would have changed', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const refused = !text(40).safeParse(value).success;
      expect(refused).toBe(utf8(value) !== value || value.includes('\0'));
    }),
    { numRuns: 2000 },
  );
});

test('`text` takes every well-formed string as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
      fc.pre(!value.includes('\0'));
      expect(text(80).parse(value)).toBe(value);
    }),
  );
});

test.each([
  ['a NUL', 'a\0b'],
  ['a high surrogate alone', 'a\ud83d'],
  ['a low surrogate alone', '\ude00b'],
  ['surrogates the wrong way round', '\ude00\ud83d'],
])('`text` refuses %s', (_, value) => {
  expect(text(10).safeParse(value).success).toBe(false);
});

test('`text` counts UTF-16 code units, and takes exactly as many as it may', () => {
  expect(text(4).safeParse('\u{1f600}\u{1f600}').success).toBe(true);
  expect(text(3).safeParse('\u{1f600}\u{1f600}').success).toBe(false);
});

test('`lenientText` refuses no string; what it keeps, `text` accepts', () => {
  fc.assert(
    fc.property(anything, fc.integer({ min: 0, max: 40 }), (value, max) => {
      const kept = lenientText(max).parse(value);
      expect(kept.length).toBeLessThanOrEqual(max);
      expect(text(max).parse(kept)).toBe(kept);
    }),
    { numRuns: 2000 },
  );
});

test('`lenientText` leaves a good string as it is, and repairs one cut inside an emoji', () => {
  expect(lenientText(20).parse('Prix · Größe 😀')).toBe('Prix · Größe 😀');
  expect(lenientText(3).parse('ab😀')).toBe('ab\ufffd');
  expect(lenientText(9).parse('a\0b')).toBe('a\ufffdb');
});

test('`lenientText` is for strings only', () => {
  expect(lenientText(9).safeParse(7).success).toBe(false);
});

test('`clientId` takes printable ASCII and nothing else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (value) => {
      const printable = value.length > 0 && [...value].every((c) => c > ' ' && c <= '~');
      expect(clientId(40).safeParse(value).success).toBe(printable);
    }),
  );
  expect(clientId(4).safeParse('abcd').success).toBe(true);
  expect(clientId(4).safeParse('abcde').success).toBe(false);
});
