import type { BridgeApiOptions } from './bridge-api/access.js';
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
  (rules: Readonly<Record<string, Rule>>): Rule =>
  (value, name) => {
    const names = Object.keys(rules).join(', ');
    if (!isObject(value)) return `${name} must be an object with ${names}.`;
    for (const [key, part] of Object.entries(value)) {
      if (!Object.hasOwn(rules, key)) return `${name} has ${key}, which is none of ${names}.`;
      const problem = part === undefined ? undefined : rules[key]?.(part, `${name}.${key}`);
      if (problem) return problem;
    }
    return undefined;
  };

/** With none of them nobody may come in that way. */
const places = record({ total: countFrom(0), perAddress: countFrom(0) });

/** A limit that cannot be reckoned with would limit nobody. */
const isLimit = (limit: unknown): boolean =>
  isObject(limit) &&
  typeof limit.requests === 'number' &&
  typeof limit.perMs === 'number' &&
  limit.requests >= 1 &&
  limit.perMs > 0 &&
  Number.isFinite(limit.perMs);

const limit = rule(
  (value) => value === false || isLimit(value),
  'false, or { requests, perMs } with requests ≥ 1 and perMs > 0',
);
const limits = record(
  Object.fromEntries(Object.keys(DEFAULT_RATE_LIMITS).map((name): [string, Rule] => [name, limit])),
);

const bridgeApi: Readonly<Record<keyof BridgeApiOptions, Rule>> = {
  apiKey: rule((value) => typeof value === 'string' && value !== '', 'a text that is not empty'),
  behindProxy: rule((value) => typeof value === 'boolean', 'true or false'),
};

const RULES: Readonly<Record<keyof HttpOptions, Rule>> = {
  bridgeApi: record(bridgeApi),
  origins: rule(
    (value) => value === '*' || isTexts(value),
    `'*' or a list of origins, e.g. ['https://www.example.com']`,
  ),
  trustProxy: (value, name) =>
    isTexts(value)
      ? undefined
      : `${name} must be a list of proxies: addresses, CIDR ranges, 'loopback' or 'private', e.g. ['loopback'].`,
  uploadMethod: rule((value) => value === 'PUT' || value === 'POST', "'PUT' or 'POST'"),
  rateLimits: (value, name) => {
    if (value === false) return undefined;
    return isObject(value) ? limits(value, name) : `${name} must be false, or an object with limits by name.`;
  },
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
