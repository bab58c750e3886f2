import type { Actor, MessageNote, Note, SessionCard } from '@pocketping/core';
import { lines, noteWords, type Run, sessionLine, signOf, textOf } from '@pocketping/core/rendering';
import { describe, expect, it } from 'vitest';

/** Brackets show which words are a stranger's. */
const theirs = (text: string, look = {}): Run[] => (text === '' ? [] : [{ ...look, text: `[${text}]` }]);
const words = noteWords({ theirs });

const ada: Actor = { kind: 'visitor', id: 'v', name: 'Ada' };
const bob: Actor = { kind: 'operator', id: 'o', name: 'Bob', via: 'support' };
const card: SessionCard = {
  sessionId: 'sess_1',
  visitorId: 'vis_1',
  startedAt: 0,
  metadata: { url: 'https://acme.example/pricing' },
  identity: { name: 'Ada', email: 'ada@acme.example', verified: true, metadata: { plan: 'pro' } },
};
const everything = { showUrl: true, showMetadata: true };
const message = (author: Actor, content: string, more: Partial<MessageNote> = {}): MessageNote => ({
  kind: 'message',
  author,
  content,
  at: 0,
  edited: false,
  ...more,
});
const told = (note: Exclude<Note, { kind: 'message' | 'messages' }>) =>
  textOf(words.toldRuns(note, everything));

describe('whoever speaks', () => {
  it('is named behind a sign, an operator with the place where they write', () => {
    expect(textOf(words.speakerRuns({ author: ada }))).toBe('👤 [Ada]');
    expect(textOf(words.speakerRuns({ author: bob }))).toBe('💬 [Bob] via [support]');
    expect(words.speakerRuns({ author: bob })[1]).toEqual({ text: '[Bob]', style: 'bold' });
  });

  it('is never taken for somebody who answers the visitor when they write to the team only', () => {
    const note = { author: bob, audience: 'team' } as const;
    expect(textOf(words.speakerRuns(note))).toBe('📝 Private note by [Bob] via [support]');
    expect(textOf(words.quoteRuns({ ...note, content: 'hm' }))).toBe('📝 Private note by [Bob: ][hm]');
    expect(told({ kind: 'recap', messages: [{ ...note, content: 'hm' }] })).toBe(
      '📜 What was said before\n📝 Private note by [Bob]: [hm]',
    );
  });

  it('is marked as a platform marks it, if it has a way of its own', () => {
    const { speakerRuns, toldRuns } = noteWords({
      privately: {
        speaker: (name) => [...name, { text: ' (private)' }],
        cited: (name) => [{ text: '* ' }, ...name],
      },
    });
    const note = { author: bob, audience: 'team', content: 'hm' } as const;
    expect(textOf(speakerRuns(note))).toBe('📝 Bob via support (private)');
    expect(textOf(toldRuns({ kind: 'recap', messages: [note] }, everything))).toBe(
      '📜 What was said before\n* Bob: hm',
    );
  });
});

describe('a message', () => {
  const file = { id: 'f', name: 'a.png', mimeType: 'image/png', size: 1, status: 'ready' } as const;

  it('says its words, and other lines below them', () => {
    expect(textOf(words.wordsRuns(message(ada, 'hi'), [[{ text: 'a.png' }]]))).toBe('[hi]\na.png');
  });

  it('says that there is nothing to see, unless there are files', () => {
    expect(words.wordsRuns(message(ada, ''), [])).toEqual([{ text: '(nothing visible)', style: 'italic' }]);
    expect(textOf(noteWords({ theirs: () => [] }).wordsRuns(message(ada, 'gone'), []))).toBe(
      '(nothing visible)',
    );
    expect(words.wordsRuns(message(ada, ' ', { attachments: [file] }), [])).toEqual([]);
  });

  it('is quoted by its beginning', () => {
    const quote = words.quoteRuns({ author: ada, content: `  ${'x'.repeat(300)}` });
    expect(quote.every(({ quoted }) => quoted)).toBe(true);
    expect(textOf(quote)).toBe(`[Ada: ][${'x'.repeat(199)}…]`);
    expect(textOf(words.quoteRuns({ author: ada, content: '\u200b' }))).toBe('[Ada: ][(nothing visible)]');
  });

  it('shares a post with others, named where not all are the visitor’s; one that says nothing is left out', () => {
    const joint = (...messages: MessageNote[]) =>
      textOf(words.conversationRuns(messages, (each) => words.wordsRuns(each, [])));
    const silent = message(ada, '', { attachments: [file] });
    expect(joint(message(ada, 'one'), silent, message(ada, 'two'))).toBe('[one]\n\n[two]');
    expect(joint(message(ada, 'one'), message(bob, 'two'))).toBe(
      '👤 [Ada]\n[one]\n\n💬 [Bob] via [support]\n[two]',
    );
  });
});

describe('a note that tells something', () => {
  it('says what happened behind its sign', () => {
    expect(told({ kind: 'closed', by: bob })).toBe('🔒 Closed by [Bob]');
    expect(told({ kind: 'reopened', by: bob })).toBe('🔓 Reopened by [Bob]');
    expect(told({ kind: 'departure' })).toBe(
      '👋 The visitor ended the conversation. Replies no longer reach them.',
    );
    expect(told({ kind: 'notice', text: 'away' })).toBe('ℹ️ [away]');
  });

  it('shows an event with its data and the session', () => {
    const event = { kind: 'event', name: 'clicked', sessionId: 'sess_1', at: 0 } as const;
    expect(words.toldRuns({ ...event, data: { a: 1 }, count: 3 }, everything)).toEqual([
      { text: '⚡ ' },
      { text: '[clicked]', style: 'bold' },
      { text: ' ×3' },
      { text: '\n' },
      { text: '[{\n  "a": 1\n}]', style: 'block' },
      { text: '\n' },
      ...sessionLine('sess_1'),
    ]);
    expect(told(event)).toBe('⚡ [clicked]\n🆔 sess_1');
  });

  it('shows the visitor, and of the website what may be shown', () => {
    expect(told({ kind: 'card', card })).toBe(
      '👤 [Ada] · [ada@acme.example] · ✅ verified\n📄 [https://acme.example/pricing]\n[plan: ][pro]',
    );
    expect(told({ kind: 'identity', card })).toBe(
      '🪪 The visitor says who they are\n👤 [Ada] · [ada@acme.example] · ✅ verified\n[plan: ][pro]',
    );
    const bare = { showUrl: false, showMetadata: false };
    expect(textOf(words.toldRuns({ kind: 'identity', card }, bare))).not.toContain('pro');
  });
});

describe('among other conversations', () => {
  const heading = (note: Note) => `${signOf(note)} ${textOf(words.whoseRuns(note, card))}`;

  it('a post begins with whose it is, and who speaks if it is not the visitor', () => {
    expect(heading(message(ada, 'hi'))).toBe('👤 [Ada]');
    expect(heading(message(bob, 'hi'))).toBe('💬 [Bob] via [support] → [Ada]');
    expect(heading({ kind: 'messages', messages: [] })).toBe('👤 [Ada]');
    expect(heading({ kind: 'card', card })).toBe('🆕 [Ada]');
    expect(heading({ kind: 'closed', by: bob })).toBe('🔒 [Ada]');
  });

  it('nothing says again what stands there', () => {
    const below = (note: Exclude<Note, { kind: 'message' | 'messages' }>) =>
      textOf(words.toldBelowRuns(note, everything));
    expect(below({ kind: 'closed', by: bob })).toBe('Closed by [Bob]');
    expect(below({ kind: 'card', card })).toBe(
      '[ada@acme.example] · ✅ verified\n📄 [https://acme.example/pricing]\n[plan: ][pro]',
    );
    expect(below({ kind: 'identity', card })).toBe(
      'The visitor says who they are\n[ada@acme.example] · ✅ verified\n[plan: ][pro]',
    );
  });
});

describe('lines', () => {
  it('stand one below the other, without empty ones', () => {
    expect(textOf(lines([[{ text: 'one' }], [], [{ text: 'two' }]]))).toBe('one\ntwo');
  });
});
