import { identity as identitySchema, LIMITS, type WireIdentity } from '@pocketping/protocol';
import { shown } from '../options/shown.js';
import { type Check, fieldsOf, invalid, textUpTo } from './arguments.js';

const METHOD = 'identify';

const text = textUpTo(LIMITS.identityLength);
const metadataText = textUpTo(LIMITS.metadataLength, { blank: true });

const entry: Check = (value) => {
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return undefined;
  return typeof value === 'string'
    ? metadataText(value)
    : `must be a text, a number, true, false or null, but is ${shown(value)}`;
};

const metadata: Check = (value) => {
  if (!isPlain(value)) return `must be a plain object, but is ${shown(value)}`;
  const entries = Object.entries(value);
  if (entries.length > LIMITS.identityEntries) {
    return `must have at most ${LIMITS.identityEntries} entries, but has ${entries.length}`;
  }
  for (const [key, each] of entries) {
    const ofKey = text(key);
    if (ofKey !== undefined) return `has a key ${shown(key)}, which ${ofKey}`;
    const problem = entry(each);
    if (problem !== undefined) return `has an entry ${shown(key)}, which ${problem}`;
  }
  return undefined;
};

const isPlain = (value: unknown): value is object => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

/** @throws PocketPingError `validation_failed`, in words for whoever wrote the call */
export const checkedIdentity = (given: unknown): WireIdentity => {
  const known = { id: text, name: text, email: text, phone: text, customerId: text, metadata };
  const fields = fieldsOf(METHOD, 'the identity', given, { optional: known });
  if (Object.keys(fields).length === 0) {
    throw invalid(METHOD, `the identity must have at least one of ${Object.keys(known).join(', ')}`);
  }
  const parsed = identitySchema.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw invalid(METHOD, parsed.error.issues.map(({ message }) => message).join('; '));
};
