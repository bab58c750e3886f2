import { actorName, iconOf, messagesIn, NAME_LENGTH } from '@pocketping/core/rendering';
import { describe, expect, it } from 'vitest';

describe('whoever speaks', () => {
  it('is called by their name, in one line that is not too long, or by what they are', () => {
    expect(actorName({ kind: 'operator', id: 'a', name: 'Ada\nLovelace' })).toBe('Ada Lovelace');
    expect(actorName({ kind: 'operator', id: 'a', name: 'x'.repeat(100) })).toHaveLength(NAME_LENGTH);
    expect(actorName({ kind: 'operator', id: 'a', name: ' ' })).toBe('Operator');
    expect(actorName({ kind: 'visitor', id: 'v' })).toBe('Visitor');
  });

  it('has a sign, and what is for the team only has another', () => {
    const author = { kind: 'operator', id: 'a' } as const;
    expect(iconOf({ author, audience: 'all' })).toBe('💬');
    expect(iconOf({ author, audience: 'team' })).toBe('📝');
    expect(iconOf({ author: { kind: 'visitor', id: 'v' } })).toBe('👤');
    expect(iconOf({ author: { kind: 'apiKey', id: 'k' } })).toBe('💬');
  });
});

describe('a note', () => {
  it('has one message, several, or none', () => {
    const author = { kind: 'visitor', id: 'v' } as const;
    const message = { kind: 'message', author, content: 'hi', at: 0, edited: false } as const;
    expect(messagesIn(message)).toEqual([message]);
    expect(messagesIn({ kind: 'messages', messages: [message, message] })).toHaveLength(2);
    expect(messagesIn({ kind: 'notice', text: 'hi' })).toEqual([]);
  });
});
