import { describe, expect, test } from 'vitest';
import { identity, LIMITS } from '../src/index.js';

const accepts = (value: unknown) => identity.safeParse(value).success;
const long = (length: number) => 'x'.repeat(length);

describe('an identity', () => {
  test.each(['id', 'name', 'email', 'phone', 'customerId'])(
    'may be a %s alone, within its limit',
    (field) => {
      expect(accepts({ [field]: long(LIMITS.identityLength) })).toBe(true);
      expect(accepts({ [field]: long(LIMITS.identityLength + 1) })).toBe(false);
      expect(accepts({ [field]: '' })).toBe(false);
      expect(accepts({ [field]: 7 })).toBe(false);
      expect(accepts({ [field]: null })).toBe(false);
      expect(accepts({ [field]: 'a\0' })).toBe(false);
      expect(accepts({ [field]: '\udc00' })).toBe(false);
    },
  );

  test('must say something', () => {
    expect(accepts({})).toBe(false);
    expect(accepts({ name: undefined })).toBe(false);
    expect(accepts({ nickname: 'Ada' })).toBe(false);
    expect(accepts(null)).toBe(false);
    expect(accepts('Ada')).toBe(false);
  });

  test('drops fields nobody documented', () => {
    expect(identity.parse({ name: 'Ada', verified: true, role: 'admin' })).toEqual({ name: 'Ada' });
  });
});

describe("an identity's metadata", () => {
  const entries = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));

  test('holds strings, numbers, booleans and null', () => {
    const metadata = { plan: 'pro', seats: 3, trial: false, referrer: null };
    expect(identity.parse({ metadata })).toEqual({ metadata });
  });

  test('holds nothing nested, and no number JSON cannot say', () => {
    for (const value of [{}, [], { a: 1 }, Number.NaN, Number.POSITIVE_INFINITY, undefined]) {
      expect(accepts({ metadata: { value } })).toBe(false);
    }
    expect(accepts({ metadata: [] })).toBe(false);
  });

  test(`has at most ${LIMITS.identityEntries} entries`, () => {
    expect(accepts({ metadata: entries(LIMITS.identityEntries) })).toBe(true);
    expect(accepts({ metadata: entries(LIMITS.identityEntries + 1) })).toBe(false);
  });

  test('has bounded, clean keys and values', () => {
    expect(accepts({ metadata: { [long(LIMITS.identityLength)]: long(LIMITS.metadataLength) } })).toBe(true);
    expect(accepts({ metadata: { [long(LIMITS.identityLength + 1)]: 1 } })).toBe(false);
    expect(accepts({ metadata: { a: long(LIMITS.metadataLength + 1) } })).toBe(false);
    expect(accepts({ metadata: { '': 1 } })).toBe(false);
    expect(accepts({ metadata: { 'a\0': 1 } })).toBe(false);
    expect(accepts({ metadata: { a: '\ud83d' } })).toBe(false);
  });

  test('gains no prototype from a body that names one', () => {
    const parsed = identity.parse(JSON.parse('{"metadata":{"__proto__":"x","plan":"pro"}}'));
    expect(Object.getPrototypeOf(parsed.metadata)).toBe(Object.prototype);
    expect(parsed.metadata?.plan).toBe('pro');
  });
});
