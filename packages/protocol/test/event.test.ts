import { describe, expect, test } from 'vitest';
import { clientFrame, eventData, eventName, eventRequest, frame, LIMITS } from '../src/index.js';

const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });
const problemOf = (value: unknown) => eventData.safeParse(value).error?.issues[0]?.message;

describe('the name of an event', () => {
  test.each(['clicked_pricing', 'x', 'panier abandonné', '🛒', 'x'.repeat(LIMITS.eventNameLength)])(
    'may be %j',
    (name) => {
      expect(eventName.parse(name)).toBe(name);
    },
  );

  test.each([
    '',
    '   ',
    '\u200b',
    '*',
    'a\nb',
    'a\tb',
    'a\u0000b',
    'a\u007fb',
    'a\u0085b',
    'a\u2028b',
    'half \ud83d',
    'x'.repeat(LIMITS.eventNameLength + 1),
    7,
    null,
    undefined,
  ])('may not be %j', (name) => {
    expect(eventName.safeParse(name).success).toBe(false);
  });
});

describe('the data of an event', () => {
  test.each([
    {},
    { plan: 'pro', seats: 3, trial: false, coupon: null, tags: ['a', { b: 1 }] },
    { constructor: 'Ferrari', prototype: 1, toString: 'x', hasOwnProperty: null },
    { '': '', ключ: '🛒' },
    nested(LIMITS.eventDepth),
  ])('may be %j, and is passed on as it is', (data) => {
    expect(eventData.parse(data)).toBe(data);
  });

  test.each([[[]], [null], ['text'], [7], [true], [undefined]])('is an object, not %j', (data) => {
    expect(problemOf(data)).toBe('must be a JSON object');
  });

  test('is nested no deeper than its limit, in objects and in arrays', () => {
    const tooDeep = 'must not be nested deeper than 8 levels';
    expect(problemOf(nested(LIMITS.eventDepth + 1))).toBe(tooDeep);
    expect(problemOf({ a: [[[[[[[[]]]]]]]] })).toBe(tooDeep);
    expect(problemOf(JSON.parse(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`))).toBe(tooDeep);
  });

  test('is no larger than its limit, in bytes of UTF-8', () => {
    const around = '{"a":""}'.length;
    expect(problemOf({ a: 'x'.repeat(LIMITS.eventBytes - around) })).toBeUndefined();
    expect(problemOf({ a: 'x'.repeat(LIMITS.eventBytes - around + 1) })).toMatch(
      /at most 4096 bytes .* has 4097/,
    );
    expect(problemOf({ a: 'é'.repeat(LIMITS.eventBytes / 2) })).toMatch(/at most 4096 bytes/);
  });

  test.each([
    '{"__proto__":{"polluted":true}}',
    '{"a":[{"__proto__":1}]}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"a":{"constructor":[1]}}',
  ])('has no key that could change every object: %s', (json) => {
    expect(problemOf(JSON.parse(json))).toMatch(/must not have/);
  });

  test.each([
    [{ a: Number.POSITIVE_INFINITY }, /number/],
    [JSON.parse('{"a":1e999}'), /number/],
    [{ a: '\0' }, /NUL/],
    [{ 'half \ud83d': 1 }, /surrogates/],
    [{ a: () => 1 }, /function/],
    [{ a: undefined }, /undefined/],
    [{ a: 1n }, /bigint/],
  ])('holds nothing that JSON or a database cannot: %o', (data, problem) => {
    expect(problemOf(data)).toMatch(problem);
  });
});

test('an event comes in by a request or by a frame, with or without data', () => {
  const data = { plan: 'pro' };
  expect(eventRequest.parse({ sessionId: 'sess_1', name: 'clicked', data, timestamp: 'now' })).toEqual({
    sessionId: 'sess_1',
    name: 'clicked',
    data,
  });
  expect(eventRequest.parse({ sessionId: 'sess_1', name: 'clicked' })).toEqual({
    sessionId: 'sess_1',
    name: 'clicked',
  });
  expect(eventRequest.safeParse({ name: 'clicked' }).success).toBe(false);
  expect(clientFrame.parse({ type: 'event', data: { name: 'clicked', data, sessionId: 'sess_2' } })).toEqual({
    type: 'event',
    data: { name: 'clicked', data },
  });
});

test('the largest event fits into a frame of a client', () => {
  const data = { a: '\u0001'.repeat(681) };
  expect(eventData.safeParse(data).success).toBe(true);
  const json = JSON.stringify({
    type: 'event',
    data: { name: '🛒'.repeat(LIMITS.eventNameLength / 2), data },
  });
  expect(new TextEncoder().encode(json).length).toBeLessThan(LIMITS.clientFrameBytes);
});

test('an emitted event has its place in the log, a broadcast one has none', () => {
  const data = { name: 'show_offer', timestamp: '2026-01-21T00:00:00.000Z', sessionId: 'sess_1' };
  expect(frame.parse({ type: 'event', seq: 3, data })).toHaveProperty('seq', 3);
  expect(frame.parse({ type: 'event', data })).not.toHaveProperty('seq');
  expect(frame.safeParse({ type: 'event', data: { name: 'show_offer' } }).success).toBe(false);
});
