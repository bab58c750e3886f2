import { isBlank, type Run, readable } from '@pocketping/core/rendering';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_LENGTH } from '../src/limits.js';
import { withoutRemoved } from '../src/live.js';
import { escapeHtml, foreign, toParts } from '../src/markup.js';
import { readHtml } from './html.js';

const anyString = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', '"', "'", '/', 'b', 'amp;', '@', 'anna', ' ', '\n', '\u{1F44D}'),
  }),
  fc.string({ unit: fc.constantFrom('\ud800', '\udc00', 'a') }),
);
const runs: fc.Arbitrary<Run[]> = fc.array(
  fc.record(
    {
      text: anyString,
      style: fc.constantFrom('bold' as const, 'italic' as const, 'code' as const),
      quoted: fc.constant(true as const),
    },
    { requiredKeys: ['text'] },
  ),
);

describe('escaping', () => {
  it('is total: whatever is written is what is read', () => {
    fc.assert(
      fc.property(anyString, (text) => {
        expect(readHtml(escapeHtml(text))).toBe(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
      }),
    );
  });
});

describe('parts', () => {
  it('show the same text with and without markup', () => {
    fc.assert(
      fc.property(runs, (given) => {
        for (const { markup, plain } of toParts(given)) expect(readHtml(markup)).toBe(plain);
      }),
    );
  });

  it('hold every visible character, in order', () => {
    const long = fc.array(
      fc.oneof(anyString, fc.constantFrom(' '.repeat(5000), '\n'.repeat(5000), 'x'.repeat(3000))),
    );
    fc.assert(
      fc.property(long, (texts) => {
        const text = texts.join('').replace(/\p{Surrogate}/gu, '\uFFFD');
        const parts = toParts([{ text }]);
        expect(visible(parts.map(({ plain }) => plain).join(''))).toBe(visible(text));
        for (const { markup, plain } of parts) {
          expect(plain.length).toBeLessThanOrEqual(MESSAGE_LENGTH);
          expect(isBlank(plain)).toBe(false);
          expect(markup).not.toMatch(/\p{Surrogate}/u);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('carry their style across a cut', () => {
    const [first, second] = toParts([{ text: 'a '.repeat(3000), style: 'bold', quoted: true }]);
    for (const part of [first, second])
      expect(part?.markup).toMatch(/^<blockquote><b>[a ]+<\/b><\/blockquote>$/);
  });

  it('put quoted runs that follow each other in one quotation', () => {
    const quoted = true as const;
    const [part] = toParts([
      { text: 'A: ', style: 'bold', quoted },
      { text: 'hi', quoted },
      { text: '\nyes' },
    ]);
    expect(part?.markup).toBe('<blockquote><b>A: </b>hi</blockquote>\nyes');
  });

  it('stay small enough for Telegram however much is escaped', () => {
    const [part] = toParts([{ text: '"'.repeat(MESSAGE_LENGTH) }]);
    expect(Buffer.byteLength(part?.markup ?? '')).toBeLessThan(32_768);
  });
});

describe("a stranger's text", () => {
  const marked = (text: string) =>
    foreign(text)
      .map((run) => (run.style ? `[${run.text}]` : run.text))
      .join('');

  it('rings nobody and offers no command', () => {
    expect(marked('@anna are you there? .@bob_1 (@carl)')).toBe('[@anna] are you there? .[@bob_1] ([@carl])');
    expect(marked('type /close or /close@acme_bot')).toBe('type [/close] or [/close@acme_bot]');
    expect(marked('@Anna')).toBe('[@Anna]');
  });

  it.each([
    'mail anna@acme.example please',
    'https://social.example/@anna/posts',
    'either/or and 1/2',
    '/usr/bin',
    'a @ b / c',
  ])('keeps %s as it is', (text) => {
    expect(marked(text)).toBe(text);
  });

  it('is changed only where Telegram would change it, or nobody could show it', () => {
    fc.assert(
      fc.property(anyString, (text) => {
        expect(
          foreign(text)
            .map((run) => run.text)
            .join(''),
        ).toBe(withoutRemoved(readable(text)));
      }),
    );
  });

  it('is read in time in proportion to its length', () => {
    const started = performance.now();
    foreign('a.'.repeat(50_000));
    foreign('a-'.repeat(50_000));
    foreign('@'.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

const visible = (text: string): string =>
  text.replace(/[\s\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0\ufffc]|\u034f/gu, '');
