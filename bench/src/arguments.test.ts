import { describe, expect, it } from 'vitest';
import { chosen, wishOf } from './arguments.js';

describe('the command line', () => {
  it('asks for every row, seven rounds of a second, unless it says otherwise', () => {
    expect(wishOf([])).toMatchObject({ rows: [], seconds: 1, runs: 7, profile: false });
  });

  it('names rows and options in any order', () => {
    expect(wishOf(['message-memory', '--runs', '3', '--profile', '--seconds=0.5'])).toMatchObject({
      rows: ['message-memory'],
      seconds: 0.5,
      runs: 3,
      profile: true,
    });
  });

  it.each([['--seconds', 'soon'], ['--runs', '0'], ['--runs', '1.5'], ['--faster']])(
    'refuses %s %s',
    (...args) => {
      expect(() => wishOf(args)).toThrow(TypeError);
    },
  );
});

describe('the rows that are meant', () => {
  const names = ['message-memory', 'message-sqlite', 'growth-memory', 'history'];

  it('are all of them when none is named', () => {
    expect(chosen(names, [])).toEqual(names);
  });

  it('are those with that name, or else those that begin with it, in the order of the suite', () => {
    expect(chosen(names, ['history', 'message'])).toEqual(['message-memory', 'message-sqlite', 'history']);
    expect(chosen([...names, 'history-long'], ['history'])).toEqual(['history']);
  });

  it('must exist', () => {
    expect(() => chosen(names, ['massage'])).toThrow(/no row massage/);
  });
});
