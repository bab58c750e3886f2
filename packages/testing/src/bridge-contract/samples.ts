import type { MessageNote, Note, NoteAttachment, SessionCard } from '@pocketping/core';

/** A Wednesday in January 2026. */
const AT = Date.UTC(2026, 0, 21, 9, 30);

export const card = (change: Partial<SessionCard> = {}): SessionCard => ({
  sessionId: 'sess_01kfg000000000000000000000',
  visitorId: 'vis_01kfg000000000000000000000',
  startedAt: AT,
  metadata: {
    url: 'https://shop.example/pricing?plan=a&b=<c>',
    pageTitle: 'Pricing <b>today</b> & tomorrow',
    referrer: 'https://search.example/?q=*chat*',
    language: 'en-GB',
    timezone: 'Europe/Vienna',
  },
  ...change,
});

export const identified = (change: Partial<SessionCard> = {}): SessionCard =>
  card({
    identity: { id: 'user-7', name: 'Ada Lovelace', email: 'ada@example.com', verified: true },
    ...change,
  });

/** A visitor's message, shown for the first time. */
export const message = (content: string): MessageNote => ({
  kind: 'message',
  author: { kind: 'visitor', id: 'vis_01kfg000000000000000000000' },
  content,
  at: AT,
  edited: false,
});

/** A visitor's message that has files, and words where `about` has some. */
export const noteWithFiles = (
  attachments: readonly NoteAttachment[],
  about: Partial<MessageNote> = {},
): MessageNote => ({ ...message(''), attachments, ...about });

const visitor = { kind: 'visitor', id: 'vis_01kfg000000000000000000000' } as const;
/** Somebody of the team who writes on another platform. */
export const operator = { kind: 'operator', id: '42', name: 'Grace *Hopper*', via: 'elsewhere' } as const;

/** What an operator says to the team only. */
export const privately = (content: string): MessageNote => ({
  kind: 'message',
  author: operator,
  content,
  audience: 'team',
  at: AT,
  edited: false,
});

/** One note of every kind, as strangers would fill it. */
export const everyNote = (session: SessionCard): Note[] => [
  { kind: 'card', card: session },
  message('hello'),
  { ...message('changed'), edited: true },
  { kind: 'messages', messages: [message('one'), message('two <b>')] },
  { kind: 'messages', messages: [message('one'), { ...message('two'), author: operator }, message('three')] },
  { kind: 'message', author: operator, content: 'from another app', at: AT, edited: false },
  privately('between us'),
  { kind: 'messages', messages: [message('one'), privately('two'), message('three')] },
  {
    kind: 'message',
    author: visitor,
    content: 'yes',
    at: AT,
    edited: false,
    replyTo: { author: operator, content: 'Is it <i>this</i> one?', native: false },
  },
  { kind: 'identity', card: session },
  { kind: 'closed', by: operator },
  { kind: 'reopened', by: visitor },
  { kind: 'departure' },
  {
    kind: 'recap',
    messages: [
      { author: visitor, content: 'first' },
      { author: operator, content: 'second' },
      { author: operator, content: 'third', audience: 'team' },
    ],
  },
  { kind: 'notice', text: 'Something <went> wrong' },
  { kind: 'event', name: 'page_viewed', sessionId: session.sessionId, at: AT },
  {
    kind: 'event',
    name: 'clicked <b>pricing</b>',
    data: { plan: 'pro', '```': ['</pre>', { deep: null }] },
    sessionId: session.sessionId,
    at: AT,
    count: 12,
  },
];

/** Texts that mean something to a parser, and must mean nothing to a reader. */
export const hostileTexts: readonly (readonly [name: string, text: string])[] = [
  ['HTML', '<b>bold</b> <script>alert(1)</script> <a href="https://evil.example">x</a> </b></pre>'],
  ['entities', 'a &amp; b &lt;i&gt; &#60; &nbsp; &bogus; &'],
  ['Markdown', '*a* _b_ ~c~ `d` **e** __f__ ~~g~~ [h](https://evil.example) ||i|| > j # k'],
  ['unclosed markup', '*a _b `c [d](e ```f <b <'],
  ['mentions', 'hey @everyone @here <@U123> <!channel> <@&99> <#C1|general>'],
  ['escapes', 'a \\* b \\\\ c \\<d> \\n'],
  ['zero-width characters', 'a\u200Bb\u200Dc\u2060d'],
  ['right-to-left text', 'שלום \u202Eevil\u202C مرحبا'],
  ['emoji', '👩‍👩‍👧‍👦 🇦🇹 ✊🏿 1️⃣'],
  ['lines', 'one\n\ntwo\n  indented\n- list\n1. item\n> quote'],
];

/** A long text in which every word is another, so that nothing can be lost or doubled unnoticed. */
export const longText = (characters: number): string => {
  let text = '';
  for (let word = 0; text.length < characters; word++) {
    text += `w${word}${word % 29 === 28 ? '\n' : word % 7 === 6 ? ' <&*👩🏽‍🚀 ' : ' '}`;
  }
  return text
    .slice(0, characters)
    .replace(/\p{Cs}$/u, '')
    .trim();
};

/** Text without white space: a platform may drop it where it breaks a text, and nothing else. */
export const dense = (text: string): string => text.replace(/\s+/gu, '');
