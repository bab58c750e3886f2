import { derivedFrom, SessionSeals, sealLine, wordInLastLine } from '@pocketping/core/bridging';
import { describe, expect, it } from 'vitest';

const seals = new SessionSeals('123:token');

describe('a sealed id', () => {
  it('says which session it is, whatever the form of its id', () => {
    for (const id of ['sess_01kfg', 'a b', 'x-y', '1', 'x-1234567890']) {
      expect(seals.read(seals.seal(id))).toBe(id);
      expect(new SessionSeals('123:token').read(seals.seal(id))).toBe(id);
    }
  });

  it('takes the secret, and cannot be carried over to another session', () => {
    const word = seals.seal('sess_1');
    expect(new SessionSeals('123:other').read(word)).toBeUndefined();
    expect(seals.read(word.replace('sess_1', 'sess_2'))).toBeUndefined();
    for (const wrong of [undefined, '', '-', 'sess_1', 'sess_1-', word.slice(0, -1), `${word}0`]) {
      expect(seals.read(wrong)).toBeUndefined();
    }
  });

  it('stands in the last line of a post, and only there', () => {
    const word = seals.seal('sess_1');
    expect(wordInLastLine(`Ada\nhello${sealLine(word)}`)).toBe(word);
    expect(wordInLastLine(`Ada${sealLine(word)}\nbye`)).toBeUndefined();
    expect(wordInLastLine(`🆔 ${word}`)).toBeUndefined();
  });
});

describe('a derived secret', () => {
  it('is the same for the same purpose, and tells nothing of another', () => {
    expect(derivedFrom('token', 'a')).toMatch(/^[0-9a-f]{64}$/);
    expect(derivedFrom('token', 'a')).toBe(derivedFrom('token', 'a'));
    expect(derivedFrom('token', 'a')).not.toBe(derivedFrom('token', 'b'));
    expect(derivedFrom('other', 'a')).not.toBe(derivedFrom('token', 'a'));
  });
});
