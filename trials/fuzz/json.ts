import type { Random } from '../random.js';

/** JSON as it may be written, sound or not: a value, or text that is put in its place as it stands. */
export type Json = null | boolean | number | string | RawJson | readonly Json[] | JsonObject;
/** Fields in order; names may occur twice. */
export class JsonObject {
  constructor(readonly fields: readonly (readonly [name: string, value: Json])[]) {}
}
export class RawJson {
  constructor(readonly text: string) {}
}

export const textOf = (value: Json): string => {
  if (value instanceof RawJson) return value.text;
  if (value instanceof JsonObject) {
    return `{${value.fields.map(([name, field]) => `${JSON.stringify(name)}:${textOf(field)}`).join(',')}}`;
  }
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  return JSON.stringify(value);
};

/** Changes something somewhere: a value's type, a field's name, how often it occurs, how deep things lie. */
export const mutated = (value: Json, random: Random): Json => {
  if (value instanceof JsonObject && value.fields.length > 0 && random.chance(0.85)) {
    return mutatedObject(value, random);
  }
  if (Array.isArray(value) && value.length > 0 && random.chance(0.6)) {
    const at = random.between(0, value.length - 1);
    return value.map((item: Json, index) => (index === at ? mutated(item, random) : item));
  }
  return nasty(random);
};

const mutatedObject = ({ fields }: JsonObject, random: Random): Json => {
  const at = random.between(0, fields.length - 1);
  const [name, value] = fields[at] as (typeof fields)[number];
  const others = fields.filter((_, index) => index !== at);
  switch (random.between(0, 5)) {
    case 0:
      return new JsonObject(others);
    case 1:
      return new JsonObject([...fields, [name, nasty(random)]]);
    case 2:
      return new JsonObject([[random.pick(NAMES), value], ...others]);
    case 3:
      return new JsonObject([...fields, [random.pick(NAMES), nasty(random)]]);
    default:
      return new JsonObject(
        fields.map((field, index) => (index === at ? [name, mutated(value, random)] : field)),
      );
  }
};

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'then', '', '\0', 'length', '$ref', '🧦'];

/** What programs trip over. */
export const nasty = (random: Random): Json => {
  const kind = random.between(0, 9);
  if (kind < 5) return nastyText(random);
  if (kind < 7) return new RawJson(random.pick(NUMBERS));
  if (kind < 8) return random.pick([null, true, false]);
  if (kind < 9) return new RawJson(deep(random.pick(['[', '{"a":']), random.pick([10, 1000, 6000])));
  return random.pick<Json>([
    [],
    new JsonObject([]),
    Array.from({ length: random.pick([1, 101, 3000]) }, () => 'x'),
    new JsonObject([['__proto__', new JsonObject([['polluted', true]])]]),
    new JsonObject([['constructor', new JsonObject([['prototype', new JsonObject([['polluted', true]])]])]]),
  ]);
};

/** Strings that break what assumes something of strings. */
export const nastyText = (random: Random): Json =>
  random.chance(0.2) ? new RawJson(random.pick(ESCAPES)) : random.pick(TEXTS)(random);

const TEXTS: readonly ((random: Random) => string)[] = [
  () => '',
  () => ' \n\t\u200b\u2060 ',
  () => 'a\0b',
  () => '\ud800',
  () => 'a\udc00b',
  () => 'x'.repeat(128),
  () => 'x'.repeat(129),
  () => '🧦'.repeat(2001),
  () => 'x'.repeat(4000),
  () => 'x'.repeat(4001),
  () => 'x'.repeat(60_000),
  () => '\u202Eevil\u202C',
  () => `${'a'}${'\u0301'.repeat(500)}`,
  () => '__proto__',
  () => "'; DROP TABLE messages; --",
  () => '<script>alert(1)</script>&amp;',
  () => '%00%0d%0aSet-Cookie: a=b',
  () => '../../../../etc/passwd',
  () => '2026-01-21T00:00:00.000Z',
  () => '9999-99-99T99:99:99Z',
  () => '999999999999999',
  () => '-1',
  () => '1e309',
  () => 'NaN',
  () => 'null',
  (random) =>
    Array.from({ length: random.between(1, 40) }, () => String.fromCharCode(random.between(0, 0xffff))).join(
      '',
    ),
];

const ESCAPES = ['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\x41"', '"\\u00"', '"a\nb"', '"\u2028"'];

const NUMBERS = [
  '0',
  '-0',
  '-1',
  '1.5',
  '1e309',
  '-1e309',
  '1e-400',
  '9007199254740993',
  '99999999999999999999999999999999',
  '0x10',
  '01',
  '.5',
  '1.',
  '+1',
  'NaN',
  'Infinity',
];

const deep = (opening: string, levels: number): string =>
  opening.repeat(levels) + (opening === '[' ? ']' : '1}').repeat(levels);
