import { describe, expect, test } from 'vitest';
import { ERROR_STATUS, errorBody, errorCodes, ID_PREFIXES } from '../src/index.js';

describe('error codes', () => {
  test.each(Object.entries(ERROR_STATUS))('%s has an error status', (code, status) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(status >= 400 && status <= 503).toBe(true);
  });

  test('a body carries one of them', () => {
    for (const code of errorCodes) {
      expect(errorBody.safeParse({ error: { code, message: 'No.', requestId: 'req_1' } }).success).toBe(true);
    }
    expect(
      errorBody.safeParse({ error: { code: 'teapot', message: 'No.', requestId: 'req_1' } }).success,
    ).toBe(false);
    expect(errorBody.safeParse({ error: { code: 'conflict', message: 'No.' } }).success).toBe(false);
  });

  test('details may be anything', () => {
    const error = {
      code: 'validation_failed',
      message: 'No.',
      requestId: 'req_1',
      details: [{ path: 'content' }],
    };
    expect(errorBody.parse({ error })).toEqual({ error });
  });
});

test('no id prefix begins another, so an id has one kind', () => {
  const prefixes = Object.values(ID_PREFIXES);
  for (const one of prefixes) {
    expect(one).toMatch(/^[a-z]+_$/);
    expect(prefixes.filter((other) => other.startsWith(one))).toEqual([one]);
  }
});
