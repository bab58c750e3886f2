import type { HttpOptions } from './options.js';
import { DEFAULT_RATE_LIMITS } from './rate-limits.js';

/** Says what is wrong with a value, or nothing. */
type Rule = (value: unknown, name: string) => string | undefined;

const rule =
  (holds: (value: unknown) => boolean, wanted: string): Rule =>
  (value, name) =>
    holds(value) ? undefined : `${name} must be ${wanted}.`;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const countFrom = (least: number): Rule =>
  rule(
    (value) =>
      typeof value === 'number' &&
      value >= least &&
      (Number.isInteger(value) || value === Number.POSITIVE_INFINITY),
    `a whole number of at least ${least}`,
  );

const count = countFrom(1);

/** An object with these names at most, each with a rule of its own; what is undefined has its default. */
const record =
  (names: readonly string[], each: Rule): Rule =>
  (value, name) => {
    if (!isObject(value)) return `${name} must be an object with ${names.join(', ')}.`;
    for (const [key, part] of Object.entries(value)) {
      if (!names.includes(key)) return `${name} has ${key}, which is none of ${names.join(', ')}.`;
      const problem = part === undefined ? undefined : each(part, `${name}.${key}`);
      if (problem) return problem;
    }
    return undefined;
  };

/** With none of them nobody may come in that way. */
const places = record(['total', 'perAddress'], countFrom(0));

const limits = record(
  Object.keys(DEFAULT_RATE_LIMITS),
  rule(
    (limit) => limit === false || (isObject(limit) && Number(limit.requests) >= 1 && Number(limit.perMs) > 0),
    'false, or { requests, perMs } with requests ≥ 1 and perMs > 0',
  ),
);

const RULES: Readonly<Record<keyof HttpOptions, Rule>> = {
  bridgeApi: rule(isObject, 'an object'),
  origins: rule(
    (value) => value === '*' || isTexts(value),
    `'*' or a list of origins, e.g. ['https://www.example.com']`,
  ),
  trustProxy: (value, name) =>
    isTexts(value)
      ? undefined
      : `${name} must be a list of proxies: addresses, CIDR ranges, 'loopback' or 'private', e.g. ['loopback'].`,
  uploadMethod: rule((value) => value === 'PUT' || value === 'POST', "'PUT' or 'POST'"),
  rateLimits: (value, name) => (value === false ? undefined : limits(value, name)),
  streamBufferBytes: count,
  streamsPerVisitor: count,
  streams: places,
  pendingSockets: places,
};

/** What can be said of how the protocol is served. */
export const HTTP_OPTIONS = Object.keys(RULES) as readonly (keyof HttpOptions)[];

/** What is undefined is not given. @throws TypeError for what makes no sense, saying which option it is and what it has to be */
export const checkOptions = (given: HttpOptions): void => {
  for (const name of HTTP_OPTIONS) {
    const problem = given[name] === undefined ? undefined : RULES[name](given[name], name);
    if (problem) throw new TypeError(problem);
  }
};
