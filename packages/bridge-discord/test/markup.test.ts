import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyOf, toMarkdown, toMarkedParts, toParts } from '../src/markup.js';

const LIVE = /(?<!\\)(?:\\\\)*[*_~`|[\]<>#@]/;

/** What remains when the addresses that were put in brackets are taken away. */
const outsideAddresses = (markdown: string): string => markdown.replace(/<https?:\/\/[^\s<>]+>/g, '');

describe('markdown', () => {
  it('leaves nothing of a stranger alive but addresses, which show where they lead', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.webUrl(), (text, url) => {
        for (const said of [text, `${text} ${url} ${text}`, `${url}${text}`]) {
          expect(outsideAddresses(toMarkdown([{ text: said }]))).not.toMatch(LIVE);
          expect(toMarkdown([{ text: said, style: 'bold' }]).slice(2, -2)).not.toMatch(LIVE);
        }
      }),
    );
  });

  it('ends an address where it ends', () => {
    expect(toMarkdown([{ text: '"https://a.example">x</a>' }])).toBe('"<https://a.example>"\\>x\\</a\\>');
    expect(toMarkdown([{ text: '[free](https://evil.example).' }])).toBe(
      '\\[free\\](<https://evil.example>).',
    );
  });

  it('begins no list, no heading and no quotation', () => {
    expect(toMarkdown([{ text: '- a\n  * b\n12. c\n# d\n-# e\n> f' }])).toBe(
      '\\- a\n  \\* b\n12\\. c\n\\# d\n-\\# e\n\\> f',
    );
    expect(toMarkdown([{ text: '1.5 - 2' }])).toBe('1.5 - 2');
  });

  it('puts JSON in a block of code that ends where it should', () => {
    expect(
      toMarkdown([{ text: 'a ' }, { text: '{\n  "```": "@everyone"\n}', style: 'block' }, { text: '\nb' }]),
    ).toBe('a ```json\n{\n  "ˋˋˋ": "@everyone"\n}\n```\nb');
  });

  it('quotes every line of what is quoted', () => {
    expect(toMarkdown([{ text: 'a\nb', quoted: true }, { text: '\nc' }])).toBe('> a\n> b\nc');
  });

  it('fits every part, in markup and without, and loses nothing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 400 }),
        (piece, times) => {
          const text = `${piece} `.repeat(times);
          const parts = toParts([{ text }]);
          for (const part of parts) {
            for (const plain of [false, true])
              expect(bodyOf(part, plain).content.length).toBeLessThanOrEqual(2000);
          }
          const shown = parts.map(({ plain }) => plain).join('');
          if (text.trim() !== '' && parts.length > 0) expect(shown.length).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has room for the caption and the mark in every part', () => {
    const mark = { link: 'https://discord.com/channels/@me?pocketping=x', line: '\n🆔 x' };
    const parts = toMarkedParts([{ text: 'Ada', href: mark.link }], [{ text: '*'.repeat(5000) }], mark);
    expect(parts.length).toBeGreaterThan(4);
    for (const part of parts) {
      expect(bodyOf(part, false).content.startsWith('[Ada](<https://')).toBe(true);
      expect(part.plain.endsWith(mark.line)).toBe(true);
      for (const plain of [false, true]) expect(bodyOf(part, plain).content.length).toBeLessThanOrEqual(2000);
    }
  });
});
