import { isBlank } from '@pocketping/core/rendering';
import fc from 'fast-check';

/** What means something to a platform, or to whoever reads from right to left, and has to mean nothing. */
const FRAGMENTS = {
  mentions: [
    '@everyone',
    '@here',
    '@channel',
    '@ada_lovelace',
    '<@U1>',
    '<@123456789012345678>',
    '<@&99>',
    '<!here>',
    '<!channel|x>',
    '<!subteam^S1>',
    '<#C1|general>',
    '<#123456789012345678>',
    '#urgent',
    '$USD',
    '/close',
    '/start@some_bot',
    '</close:123>',
  ],
  links: [
    '[bank](https://evil.example)',
    '<https://evil.example|bank>',
    '<a href="https://evil.example">x</a>',
    'https://a.example/x_y_z',
    'https://a.example/@ada_lovelace',
    'https://a.example/x)@ada_lovelace',
    'https://a.example/x"@ada_lovelace',
    'https://a/@ada_lovelace',
    'http://evil.example?a=<b>*c*',
    'x.y/@ada_lovelace',
    'discord://x_y_z',
    'tg://user?id=1',
    'mailto:a@b.example',
  ],
  formatting: [
    '**b**',
    '__u__',
    '~~s~~',
    '||s||',
    '*b*',
    '_i_',
    '~s~',
    '`c`',
    '```c```',
    '# h',
    '-# s',
    '> q',
    '>>> q',
    '- l',
    '1. l',
    '<b>b</b>',
    '</b>',
    '&lt;',
    '&amp;',
    '<t:0:R>',
    '<:x:1>',
    ':smile:',
    '\\',
    '\\*',
    '\\@everyone',
    '`',
    '*',
  ],
  directions: [
    '\u202e',
    '\u202c',
    '\u2067',
    '\u2069',
    '\u202a',
    '\u2066',
    '\u200b',
    '\u200d',
    '\u200e\u200e',
    '\ufeff',
    '\u2060',
    '\u030a',
    '\u0333',
    '\u2028',
    '\u0000',
    '\r\n',
    '\ud800',
  ],
  words: ['a', '1', ' ', '\n', '.', '(', '@', 'שלום', 'مرحبا', '👩‍👩‍👧‍👦', 'é'],
} as const;

/** So short that it is shown in full wherever a stranger's text is. */
const LENGTH = 48;

/** A few of these, one after the other. */
export const nastyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      ...Object.values(FRAGMENTS).map((fragments: readonly string[]) => fc.constantFrom(...fragments)),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((fragments) => fragments.join(''))
  // Where nothing can be seen the team is told so, in words of ours.
  .filter((text) => text.length <= LENGTH && !isBlank(bare(text)));

/** What is written, without what has no shape; where white space and marks of direction stay, platforms differ. */
export const bare = (text: string): string => text.replace(SHAPELESS, '');

const SHAPELESS =
  /[\s\p{Cc}\u200b\u200e\u200f\u061c\u2028-\u202e\u2060\u2066-\u2069\ufeff]|\u0333|\u033f|\u030a/gu;

/** One of each sort, so that each is tried everywhere. */
export const nastyTexts: readonly string[] = [
  '@everyone <!here> <@U1> @ada_lovelace',
  '#urgent $USD /close <#C1|general> <@&99>',
  '[bank](https://evil.example) **b** _i_ `c`',
  '<https://evil.example|bank> <b>b</b> &lt;',
  '> q\n# h\n- l\n1. l\n-# s',
  'https://a.example/x_y_*z* \\*b\\* ||s||',
  '\u202e@\u202aada_lovelace\u2067 x \u202c',
  '@\u030aada_lovelace /\u2028close <\u0000!here>',
];
