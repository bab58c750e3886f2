import { z } from 'zod';
import type { Random } from '../random.js';
import { type Json, JsonObject } from './json.js';

/** What a request may name that exists: without it most requests would end at the first check. */
export interface Known {
  readonly sessionId: string;
  readonly visitorId: string;
  readonly token: string;
  readonly messageIds: readonly string[];
  /** One that was announced, one that has arrived, and one that a message has. */
  readonly attachmentIds: readonly string[];
  /** What opens the last of them. */
  readonly key: string;
  readonly platform: KnownPlatform;
}

/** The messaging platform that calls us, and what its calls may be about. */
export interface KnownPlatform {
  readonly chatId: number;
  /** With what it proves itself. */
  readonly secret: string;
  /** Topics in which there are conversations. */
  topicIds(): readonly number[];
}

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly additionalProperties?: JsonSchema;
  readonly enum?: readonly Json[];
  readonly anyOf?: readonly JsonSchema[];
}

/** What a file holds, where it is to be taken. */
export const FILE = Buffer.from('A file of some words, and nothing else in it.');

/** A value that a schema takes, as a client with a conversation would fill it in. */
export const validValue = (schema: z.ZodType, known: Known, random: Random): Json =>
  valueBy(jsonSchemaOf(schema), '', known, random);

const schemas = new WeakMap<z.ZodType, JsonSchema>();

const jsonSchemaOf = (schema: z.ZodType): JsonSchema => {
  let found = schemas.get(schema);
  if (!found) {
    found = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
    schemas.set(schema, found);
  }
  return found;
};

const valueBy = (schema: JsonSchema, name: string, known: Known, random: Random): Json => {
  const named = NAMED[name]?.(known, random);
  if (named !== undefined) return named;
  if (schema.enum) return random.pick(schema.enum);
  if (schema.anyOf) return valueBy(random.pick(schema.anyOf), name, known, random);
  const type = typeof schema.type === 'string' ? schema.type : random.pick(schema.type ?? ['string']);
  switch (type) {
    case 'object':
      return objectOf(schema, known, random);
    case 'array':
      return Array.from({ length: Math.max(schema.minItems ?? 0, random.between(0, 3)) }, () =>
        valueBy(schema.items ?? {}, singular(name), known, random),
      );
    case 'integer':
    case 'number':
      return random.between(0, 100);
    case 'boolean':
      return random.chance(0.5);
    case 'null':
      return null;
    default:
      return random.pick(['plain', 'žluťoučký 🐎', '1', 'a b\nc']);
  }
};

const objectOf = (schema: JsonSchema, known: Known, random: Random): Json => {
  const { properties = {}, required = [], additionalProperties } = schema;
  const names = Object.keys(properties).filter((name) => required.includes(name) || random.chance(0.4));
  const fields = names.map((name) => [name, valueBy(properties[name] ?? {}, name, known, random)] as const);
  const more = additionalProperties
    ? [['plan', valueBy(additionalProperties, '', known, random)] as const]
    : [];
  return new JsonObject([...fields, ...more]);
};

const singular = (name: string): string => name.replace(/s$/, '');

/** Fields in which not just any string will do. */
const NAMED: Readonly<Record<string, (known: Known, random: Random) => Json>> = {
  sessionId: ({ sessionId }) => sessionId,
  visitorId: ({ visitorId }, random) => (random.chance(0.8) ? visitorId : `vis_${random.between(0, 999)}`),
  messageId: ({ messageIds }, random) => random.pick([...messageIds, 'msg_unknown']),
  replyTo: ({ messageIds }, random) => random.pick([...messageIds, 'msg_unknown']),
  attachmentId: ({ attachmentIds }, random) => random.pick([...attachmentIds, 'att_unknown']),
  key: ({ key }) => key,
  size: (_known, random) => random.pick([1, FILE.length, random.between(0, 100)]),
  token: ({ token }) => token,
  clientMessageId: (_known, random) => `own-${random.between(0, 1e9)}`,
  secret: (_known, random) => `secret-of-at-least-22-characters-${random.between(0, 1e9)}`,
  bridge: (_known, random) => random.pick(['quiet', 'telegram', 'nobody']),
  after: (_known, random) => random.between(0, 50),
  before: (_known, random) => random.between(0, 50),
  limit: (_known, random) => random.between(1, 100),
  // Longer ones would only wait.
  wait: () => 0,
};
