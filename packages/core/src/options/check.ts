import { PocketPingError } from '../errors.js';
import type { PocketPingOptions } from './options.js';

/** Says what is wrong with a value, or nothing. */
type Rule = (value: unknown, name: string) => string | undefined;

const text: Rule = (value, name) =>
  typeof value === 'string' ? undefined : `${name} must be a text, but is ${shown(value)}.`;

const handler: Rule = (value, name) =>
  typeof value === 'function' ? undefined : `${name}: the handler must be a function, but is ${kind(value)}.`;

const options: Rule = (value, name) =>
  typeof value === 'object' ? undefined : `${name} must be an object with options, but is ${shown(value)}.`;

const listOf =
  (rule: Rule, of: string): Rule =>
  (value, name) => {
    if (!Array.isArray(value)) return `${name} must be a list of ${of}, but is ${shown(value)}.`;
    return value.map((each, at) => rule(each, `${name}[${at}]`)).find((problem) => problem !== undefined);
  };

/** What implements a port: an object that has at least these methods. */
const port =
  (what: string, ...methods: readonly string[]): Rule =>
  (value, name) => {
    if (typeof value === 'function' && value.prototype) {
      return `${name} is the class ${value.name}: pass what new ${value.name}(…) makes.`;
    }
    if (typeof value !== 'object' || value === null) {
      return `${name} is ${shown(value)}, and no ${what}: pass an object with ${methods.join(', ')}.`;
    }
    const lacking = methods.filter(
      (method) => typeof (value as Record<string, unknown>)[method] !== 'function',
    );
    return lacking.length === 0 ? undefined : `${name} is no ${what}: it has no ${lacking.join(', ')}.`;
  };

const bridge = port('bridge', 'start', 'stop', 'open', 'render', 'post', 'answer');

/** What each option has to be; a storage is looked at where it is put to use, for it may be of two kinds. */
const RULES: Readonly<Record<keyof PocketPingOptions, Rule | undefined>> = {
  storage: undefined,
  broker: port('broker', 'publish', 'subscribe', 'close'),
  bridge,
  bridges: listOf(bridge, 'bridges'),
  welcomeMessage: text,
  files: port('store of files', 'write', 'open', 'size', 'remove'),
  uploads: options,
  publicUrl: text,
  commands: listOf(options, 'commands'),
  onSessionStart: handler,
  onMessage: handler,
  onEvent: handler,
  quietEvents: listOf(text, 'names of events'),
  logger: port('logger', 'debug', 'info', 'warn', 'error'),
  clock: port('clock', 'now', 'sleep', 'schedule'),
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
    if (value !== undefined) refuse(RULES[name]?.(value, name));
  }
};

/** @throws PocketPingError `validation_failed` for what is no bridge */
export const requireBridge = (value: unknown): void => refuse(bridge(value, 'the bridge'));

const refuse = (problem: string | undefined): void => {
  if (problem !== undefined) throw new PocketPingError('validation_failed', problem);
};

const kind = (value: unknown): string => (value === null ? 'null' : typeof value);

/** A value in few words: a secret may be among the fields of an object. */
const shown = (value: unknown): string => {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(JSON.stringify(value)).slice(0, 80);
};
