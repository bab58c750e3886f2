import { isId, newId, randomBytes } from '@pocketping/core';
import { describe, expect, it } from 'vitest';

describe('an id', () => {
  it('is its prefix, the time, and randomness', () => {
    const now = Date.UTC(2026, 0, 21);
    const ids = Array.from({ length: 20_000 }, () => newId('message', now));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids.slice(0, 100)) expect(id).toMatch(/^msg_[0-9a-hjkmnp-tv-z]{36}$/);
    expect(new Set(ids.map((id) => id.slice(0, 14))).size).toBe(1);
    // Every digit of the random part takes every value.
    for (let place = 14; place < 40; place++) expect(new Set(ids.map((id) => id[place])).size).toBe(32);
  });

  it('sorts by the millisecond it was made in', () => {
    const instants = [
      0,
      1,
      31,
      32,
      1023,
      1024,
      2 ** 40 - 1,
      2 ** 40,
      Date.UTC(2026, 0, 21),
      Date.UTC(2286, 0, 1),
    ];
    const ids = instants.map((at) => newId('session', at));
    expect(ids.toSorted()).toEqual(ids);
  });

  it('is told from everything else', () => {
    const id = newId('attachment', Date.UTC(2026, 0, 21));
    expect(isId('attachment', id)).toBe(true);
    expect(isId('message', id)).toBe(false);
    const others = ['', 'att_', id.slice(0, -1), `${id}0`, `${id}\n`, ` ${id}`, id.toUpperCase(), `../${id}`];
    for (const other of others) expect(isId('attachment', other)).toBe(false);
    expect(isId('attachment', `${id.slice(0, -8)}/../../x`)).toBe(false);
  });
});

it('random bytes are fresh each time', () => {
  const seen = new Set(Array.from({ length: 5000 }, () => Array.from(randomBytes(16)).join()));
  expect(seen.size).toBe(5000);
});
