import type { Identity, SessionCard } from '@pocketping/core';
import { type BridgeEventInput, LIMITS } from '@pocketping/protocol';

type Session = Extract<BridgeEventInput, { type: 'new_session' }>['session'];
type WireIdentity = NonNullable<Session['identity']>;

/** A session as the server is told of it. */
export const sessionOf = ({ sessionId, visitorId, metadata, identity }: SessionCard): Session => {
  const known = identity && identityOf(identity);
  return {
    id: sessionId,
    visitorId,
    metadata,
    ...(known && { identity: known }),
  };
};

/** Who a visitor is, as far as the wire takes it; undefined when nothing of it is left. */
export const identityOf = ({ verified, metadata, ...told }: Identity): WireIdentity | undefined => {
  const fields = Object.entries(told).flatMap(([key, value]) => {
    const text = value === undefined ? '' : wellFormed(value, LIMITS.identityLength);
    return text === '' ? [] : [[key, text] as const];
  });
  const entries = Object.entries(metadata ?? {})
    .map(([key, value]) => [wellFormed(key, LIMITS.identityLength), storable(value)] as const)
    .filter(([key]) => key !== '')
    .slice(0, LIMITS.identityEntries);
  if (fields.length + entries.length === 0) return undefined;
  return {
    ...Object.fromEntries(fields),
    ...(entries.length > 0 && { metadata: Object.fromEntries(entries) }),
    verified,
  };
};

type Value = NonNullable<Identity['metadata']>[string];

const storable = (value: Value): Value =>
  typeof value === 'string' ? wellFormed(value, LIMITS.metadataLength) : value;

/** What the wire holds: no half of a character, no NUL. */
const wellFormed = (text: string, length: number): string =>
  text.slice(0, length).replace(/[\p{Surrogate}\0]/gu, '\uFFFD');
