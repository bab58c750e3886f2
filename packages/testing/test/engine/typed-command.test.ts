import { addressedCommand, typedCommand } from '@pocketping/core';
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

  it.each(['\u200b/note rude', '/\u2060note rude', '\ufeff /\u00adno\u200bte\u200d rude'])(
    'is the same with what nobody sees: %j',
    (text) => {
      expect(typedCommand(text, '/', commands)).toEqual({ name: 'note', args: 'rude' });
    },
  );

  it('keeps in what follows what belongs there', () => {
    expect(typedCommand('/note 👩‍🚀 called', '/', commands)).toEqual({ name: 'note', args: '👩‍🚀 called' });
  });

  it('may follow a prefix of several letters', () => {
    expect(typedCommand('hey, refund', 'hey, ', commands)).toEqual({ name: 'refund', args: '' });
    const slipped = { name: 'close', args: '', slipped: true };
    expect(typedCommand('hey, hey,  close', 'hey, ', commands)).toEqual(slipped);
    expect(typedCommand('hey', 'hey, ', commands)).toBeUndefined();
  });
});

describe('what somebody tells the bot that they mention', () => {
  it.each([
    [' note rude', 'note', 'rude'],
    [', Note: rude', 'note', 'rude'],
    [' \u200bno\u200bte  rude ', 'note', 'rude'],
    [': /close.', 'close', ''],
    [' is great', 'is', 'great'],
    [' ', 'help', ''],
    ['!', 'help', ''],
  ])('is a command: %j', (words, name, args) => {
    expect(addressedCommand(words)).toEqual({ name, args });
  });
});
