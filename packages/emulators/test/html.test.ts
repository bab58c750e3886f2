import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settle } from '../src/telegram/entities.js';
import { escapeHtml, parseHtml } from '../src/telegram/html.js';

describe('HTML', () => {
  test('counts offsets in UTF-16 code units', () => {
    expect(parseHtml('😀 <b>bold <i>both</i></b> &lt;x&gt; &amp;&#33;')).toEqual({
      text: '😀 bold both <x> &!',
      entities: [
        { type: 'bold', offset: 3, length: 9 },
        { type: 'italic', offset: 8, length: 4 },
      ],
    });
  });

  test('knows links, code and quotes', () => {
    const { text, entities } = parseHtml(
      '<a href="https://example.com/?a=1&amp;b=2">site</a> <pre><code class="language-ts">let x</code></pre> <blockquote expandable>q</blockquote>',
    );
    expect(text).toBe('site let x q');
    expect(entities).toEqual([
      { type: 'text_link', url: 'https://example.com/?a=1&b=2', offset: 0, length: 4 },
      { type: 'pre', language: 'ts', offset: 5, length: 5 },
      { type: 'expandable_blockquote', offset: 11, length: 1 },
    ]);
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', 'http://'])('a link to %s marks nothing', (href) => {
    expect(parseHtml(`<a href="${href}">x</a>`)).toEqual({ text: 'x', entities: [] });
  });

  test.each([
    ['ä <script>', 'Unsupported start tag "script" at byte offset 3'],
    ['1 < 2', 'Unsupported start tag "" at byte offset 2'],
    ['a <b', 'Unclosed start tag at byte offset 2'],
    ['<b>x', 'Can\'t find end tag corresponding to start tag "b"'],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
    ['<b>x</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ['<span>x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ])('refuses %j', (source, why) => {
    expect(() => parseHtml(source)).toThrow(`Bad Request: can't parse entities: ${why}`);
  });

  test('an escaped text reads as itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(parseHtml(escapeHtml(text))).toEqual({ text, entities: [] });
      }),
    );
  });
});

describe('texts', () => {
  test('lose the white space at both ends, and entities follow', () => {
    expect(settle(parseHtml('\n  <b> hi </b>\r\n'))).toEqual({
      text: 'hi',
      entities: [{ type: 'bold', offset: 0, length: 2 }],
    });
  });

  test('have commands, mentions, hashtags and addresses marked', () => {
    const words =
      '/close@pocketping_bot ask @ada_l about #42nd and $USD at https://example.com/x. or ada@example.com a/b';
    const found = settle({ text: words, entities: [] }).entities;
    expect(found.map(({ type, offset, length }) => [type, words.slice(offset, offset + length)])).toEqual([
      ['bot_command', '/close@pocketping_bot'],
      ['mention', '@ada_l'],
      ['hashtag', '#42nd'],
      ['cashtag', '$USD'],
      ['url', 'https://example.com/x'],
      ['email', 'ada@example.com'],
    ]);
  });

  const marked = (words: string) => {
    const { text, entities } = settle({ text: words, entities: [] });
    return entities.map(({ type, offset, length }) => `${type} ${text.slice(offset, offset + length)}`);
  };

  test('lose what turns directions, before anything is looked for', () => {
    expect(settle({ text: '\u202ea\u2028b\u030a', entities: [] }).text).toBe('ab');
    expect(marked('@\u202aada_l')).toEqual(['mention @ada_l']);
  });

  test('have what stands in an address left alone, and what stands behind it marked', () => {
    expect(marked('https://a.example/@ada_l')).toEqual(['url https://a.example/@ada_l']);
    expect(marked('https://a.example/x)@ada_l')).toEqual(['url https://a.example/x', 'mention @ada_l']);
    expect(marked('a.example/@ada_l')).toEqual(['mention @ada_l']);
    expect(marked('https://a/@ada_l')).toEqual(['mention @ada_l']);
    expect(marked('@ada $usd #1 #a#b')).toEqual([]);
  });

  test('have nothing marked inside code', () => {
    expect(settle(parseHtml('<code>/close</code>')).entities).toEqual([
      { type: 'code', offset: 0, length: 6 },
    ]);
  });
});
