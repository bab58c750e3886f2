import { PocketPingError } from '../errors.js';
import type { Bridge, Broker, Clock, FileStore, Logger } from '../ports/index.js';
import type { PocketPingOptions } from './options.js';
import { shown } from './shown.js';

/** Says what is wrong with a value, or nothing. */
type Rule = (value: unknown, name: string) => string | undefined;

const text: Rule = (value, name) =>
  typeof value === 'string' ? undefined : `${name} must be a text, but is ${safelyShown(value)}.`;

const handler: Rule = (value, name) =>
  typeof value === 'function' ? undefined : `${name}: the handler must be a function, but is ${kind(value)}.`;

const options: Rule = (value, name) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? undefined
    : `${name} must be an object with options, but is ${safelyShown(value)}.`;

const listOf =
  (rule: Rule, of: string): Rule =>
  (value, name) => {
    if (!Array.isArray(value)) return `${name} must be a list of ${of}, but is ${safelyShown(value)}.`;
    return value.map((each, at) => rule(each, `${name}[${at}]`)).find((problem) => problem !== undefined);
  };

/** What implements a port: an object that has at least these methods. */
const port =
  <Port>(what: string, ...methods: readonly (keyof Port & string)[]): Rule =>
  (value, name) => {
    const problem = notMade(value, name, `${what}: pass an object with ${methods.join(', ')}`);
    if (problem !== undefined) return problem;
    const lacking = methods.filter(
      (method) => typeof (value as Record<string, unknown>)[method] !== 'function',
    );
    return lacking.length === 0 ? undefined : `${name} is no ${what}: it has no ${lacking.join(', ')}.`;
  };

/** A class in place of what it makes is the commonest slip. */
const notMade = (value: unknown, name: string, wanted: string): string | undefined => {
  if (typeof value === 'function' && value.prototype) {
    return `${name} is the class ${value.name}: pass what new ${value.name}(…) makes.`;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined;
  return `${name} is ${safelyShown(value)}, and no ${wanted}.`;
};

const bridge = port<Bridge>('bridge', 'start', 'stop', 'open', 'render', 'post', 'answer');

/** What each option has to be. Which methods a storage needs, it is asked where it is put to use, for it may be of two kinds. */
const RULES: Readonly<Record<keyof PocketPingOptions, Rule>> = {
  storage: (value, name) => notMade(value, name, 'storage: pass what its package makes, or one of your own'),
  broker: port<Broker>('broker', 'publish', 'subscribe', 'close'),
  bridge,
  bridges: listOf(bridge, 'bridges'),
  welcomeMessage: text,
  files: port<FileStore>('store of files', 'write', 'open', 'size', 'remove'),
  uploads: options,
  publicUrl: text,
  commands: listOf(options, 'commands'),
  onSessionStart: handler,
  onMessage: handler,
  onEvent: handler,
  quietEvents: listOf(text, 'names of events'),
  logger: port<Logger>('logger', 'debug', 'info', 'warn', 'error'),
  clock: port<Clock>('clock', 'now', 'sleep', 'schedule'),
};

/** What can be given to an engine. */
export const ENGINE_OPTIONS = Object.keys(RULES) as readonly (keyof PocketPingOptions)[];

/**
 * Looks at options before anything is done with them: in plain JavaScript nobody else does. What is undefined or null is not given.
 * @throws PocketPingError `validation_failed`, saying which one, what it is, and what it has to be
 */
export const checkOptions = (given: PocketPingOptions): void => {
  for (const name of ENGINE_OPTIONS) {
    const value = given[name] ?? undefined;
    if (value !== undefined) refuse(RULES[name](value, name));
  }
};

/** @throws PocketPingError `validation_failed` for what is no bridge */
export const requireBridge = (value: unknown): void => refuse(bridge(value, 'the bridge'));

const refuse = (problem: string | undefined): void => {
  if (problem !== undefined) throw new PocketPingError('validation_failed', problem);
};

const kind = (value: unknown): string => (value === null ? 'null' : typeof value);

/** A text may be a secret that was put in the wrong place. */
const safelyShown = (value: unknown): string => (typeof value === 'string' ? 'a text' : shown(value));
