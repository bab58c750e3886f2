import { describe, expect, it } from 'vitest';
import { shownOf } from '../../src/discord/markdown.js';

describe('what people read of a message', () => {
  it.each([
    ['**bold** *it* _it_ __under__ ~~gone~~ ||psst|| `code`', 'bold it it under gone psst code'],
    ['\\*\\*not\\*\\* \\[a\\](https://b.example)', '**not** [a](https://b.example)'],
    ['[words](https://a.example) and <https://b.example>', 'words and https://b.example'],
    ['# Title\ntext\n-# small', 'Title\ntext\nsmall'],
    ['> one\n> two\nthree', 'one\ntwo\nthree'],
    ['>>> one\ntwo', 'one\ntwo'],
    ['- a\n* b\n1. c', '• a\n• b\n1. c'],
    ['<@1> <@&2> <#3> <:smile:4> </help:5>', '@Bob @unknown #unknown :smile: /help'],
    ['```js\nlet a;\n```', 'let a;'],
    ['a_b_c https://x.example/a_b_c 2 * 3', 'a_b_c https://x.example/a_b_c 2 * 3'],
  ])('%j', (content, text) => {
    expect(shownOf(content, (kind, id) => (kind === 'user' && id === '1' ? 'Bob' : undefined)).text).toBe(
      text,
    );
  });

  it('says what looks special', () => {
    const { text, entities } = shownOf('**Ada** [site](<https://a.example>)\n> quoted');
    const found = entities.map(({ type, offset, length, url }) => [
      type,
      text.slice(offset, offset + length),
      url,
    ]);
    expect(found).toEqual([
      ['bold', 'Ada', undefined],
      ['text_link', 'site', 'https://a.example'],
      ['blockquote', 'quoted', undefined],
    ]);
  });
});
