import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { S3FileStoreOptions } from '@pocketping/files-s3';
import { serverVariables } from '../variables/index.js';
import type { ValuesOf } from '../variables/variable.js';
import type { Environment, Problem } from './problem.js';
import type { Section } from './settings.js';
import { type Read, readValues } from './values.js';

/** What concerns the server itself. */
export interface ServerSettings {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | undefined;
  readonly allowedOrigins: '*' | readonly string[];
  readonly trustProxy: readonly string[];
  /** Without one the bridge API is for this machine. */
  readonly apiKey: string | undefined;
  readonly welcomeMessage: string | undefined;
  readonly database: string;
  readonly files: FileSettings;
  readonly uploads: { readonly maxBytes: number; readonly bytesADay?: number; readonly filesADay: number };
  readonly logLevel: LogLevel;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where attachments are. */
export type FileSettings =
  | { readonly kind: 'none' }
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'bucket'; readonly bucket: S3FileStoreOptions };

/** The server's section. Its public address is known even where something else is wrong. */
export const readServer = (
  env: Environment,
  base: string,
): Section<ServerSettings> & { readonly publicUrl: string | undefined } => {
  const read = readValues('server', serverVariables, env);
  const problems = [...read.problems, ...contradictions(read)];
  const { values } = read;
  const options = problems.length === 0 ? settingsOf(values, base) : undefined;
  return { options, problems, secrets: read.secrets, publicUrl: values.publicUrl };
};

type Values = ValuesOf<typeof serverVariables>;

const settingsOf = (values: Values, base: string): ServerSettings => {
  const database = pathFrom(values.database, base);
  const { maxBytes, bytesADay, filesADay } = values;
  return {
    port: values.port,
    host: values.host,
    publicUrl: values.publicUrl,
    allowedOrigins: values.allowedOrigins ?? [],
    trustProxy: values.trustProxy ?? [],
    apiKey: values.apiKey,
    welcomeMessage: values.welcomeMessage,
    database,
    files: filesOf(values, database, base),
    uploads: { maxBytes, filesADay, ...(bytesADay !== undefined && { bytesADay }) },
    logLevel: values.logLevel,
  };
};

const filesOf = (values: Values, database: string, base: string): FileSettings => {
  const { bucket, region, endpoint, prefix, forcePathStyle, direct, accessKeyId, secretAccessKey } = values;
  if (bucket !== undefined) {
    const credentials = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
    return {
      kind: 'bucket',
      bucket: { bucket, region, endpoint, prefix, forcePathStyle, direct, credentials },
    };
  }
  if (values.files === 'off') return { kind: 'none' };
  const folder = values.files === undefined ? join(dirname(database), 'files') : pathFrom(values.files, base);
  return { kind: 'folder', folder };
};

const OF_THE_BUCKET = [
  'region',
  'endpoint',
  'prefix',
  'accessKeyId',
  'secretAccessKey',
  'forcePathStyle',
  'direct',
] as const;

const contradictions = ({ values, set }: Read<typeof serverVariables>): Problem[] => {
  const found: string[] = [];
  if (set.has('bucket') && set.has('files'))
    found.push(
      'S3_BUCKET and POCKETPING_FILES are both set: set the first for attachments in a bucket, or the second for a folder.',
    );
  const ofNoBucket = OF_THE_BUCKET.filter((key) => !set.has('bucket') && set.has(key));
  for (const key of ofNoBucket)
    found.push(`${serverVariables[key].name} is set, but S3_BUCKET is not: set it too, or remove the first.`);
  if (set.has('accessKeyId') !== set.has('secretAccessKey'))
    found.push('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are two halves of one key: set both, or none.');
  const { maxBytes, bytesADay } = values;
  if (bytesADay !== undefined && bytesADay < maxBytes)
    found.push(
      'UPLOAD_MB_PER_DAY is less than UPLOAD_MAX_MB, so no file of that size could ever come: raise the first, or lower the second.',
    );
  const uploads = ['maxBytes', 'bytesADay', 'filesADay'] as const;
  if (values.files === 'off')
    for (const key of uploads.filter((each) => set.has(each)))
      found.push(
        `${serverVariables[key].name} is set, but POCKETPING_FILES is off: there is nothing to limit. Remove one of them.`,
      );
  return found.map((text) => ({ concerns: 'server', text }));
};

const pathFrom = (text: string, base: string): string =>
  resolve(base, text.startsWith('~/') ? `${homedir()}${text.slice(1)}` : text);
