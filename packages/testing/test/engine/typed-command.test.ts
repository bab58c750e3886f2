import { typedCommand } from '@pocketping/core';
import { describe, expect, it } from 'vitest';

const commands = ['close', 'note'].map((name) => ({ name, summary: '' }));

describe('what somebody types', () => {
  it.each([
    ['/close', 'close', ''],
    ['/Close  see you ', 'close', 'see you'],
    ['/größe 3', 'größe', '3'],
    ['/переслать', 'переслать', ''],
    ['/返金。', '返金', ''],
    ['/1refund\nnow', '1refund', 'now'],
    ['/refund: all of it', 'refund', 'all of it'],
    ['/a/b', 'a/b', ''],
    ['/my_order_(1042)', 'my_order_', '(1042)'],
    ['  /x', 'x', ''],
  ])('is a command right behind the prefix, known or not: %j', (text, name, args) => {
    expect(typedCommand(text, '/', commands)).toEqual({ name, args });
  });

  it.each(['//note: rude', '/ note rude', '/ / NOTE rude', '/\nnote rude', '///note… rude', '/ note- rude'])(
    'is the command that there is, for all that stands between: %j',
    (text) => {
      expect(typedCommand(text, '/', commands)).toEqual({ name: 'note', args: 'rude', slipped: true });
    },
  );

  it.each([
    '',
    'close',
    'a /close',
    '/',
    '//',
    '/ ',
    '/ wow',
    '//example',
    '/?',
    '/ ?close',
    '/-1',
    '/ notes',
    '/ note-book',
    '//note/a',
  ])('is words otherwise: %j', (text) => {
    expect(typedCommand(text, '/', commands)).toBeUndefined();
  });

  it('may follow a prefix of several letters', () => {
    expect(typedCommand('hey, refund', 'hey, ', commands)).toEqual({ name: 'refund', args: '' });
    const slipped = { name: 'close', args: '', slipped: true };
    expect(typedCommand('hey, hey,  close', 'hey, ', commands)).toEqual(slipped);
    expect(typedCommand('hey', 'hey, ', commands)).toBeUndefined();
  });
});
