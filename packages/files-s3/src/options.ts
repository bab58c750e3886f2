import type { S3ClientConfig } from '@aws-sdk/client-s3';

export interface S3FileStoreOptions {
  /** The bucket that the files are in; it has to exist. */
  readonly bucket: string;
  /** Where the bucket is, e.g. `eu-central-1`; what the environment says (`AWS_REGION`) by default, `us-east-1` beside an `endpoint`. */
  readonly region?: string | undefined;
  /** Another store than Amazon's, e.g. `https://minio.example.com`; browsers have to reach it too, unless `direct` is false. */
  readonly endpoint?: string | undefined;
  /** What every key begins with, e.g. `chat/`; nothing by default. */
  readonly prefix?: string | undefined;
  /** A key, or a function that gets one; what the environment offers by default (variables, profiles, roles). */
  readonly credentials?: S3ClientConfig['credentials'] | undefined;
  /** The bucket stands in the address's path, not in its host name; true beside an `endpoint`, false without. */
  readonly forcePathStyle?: boolean | undefined;
  /** Browsers bring and fetch files at the store itself. `false` where they cannot reach it, or may not; true by default. */
  readonly direct?: boolean | undefined;
}

/** Milliseconds within which the store has to accept a connection. */
const CONNECT_WITHIN_MS = 10_000;
/** Milliseconds without a byte in either direction after which a connection is given up. */
const SILENCE_MS = 60_000;
/** Whoever reads slowly keeps a connection: there have to be enough of them that nobody else waits for one. */
const CONNECTIONS = 1000;

/** The settings of the client. @throws TypeError for options that make no sense. */
export const clientConfig = (options: S3FileStoreOptions): S3ClientConfig => {
  const { bucket, endpoint, credentials, forcePathStyle = endpoint !== undefined } = options;
  if (typeof bucket !== 'string' || bucket === '') throw new TypeError('S3FileStore needs a bucket.');
  if (endpoint !== undefined && !/^https?:\/\//.test(endpoint)) {
    throw new TypeError(`S3FileStore's endpoint has to begin with https:// or http://: ${endpoint}`);
  }
  if (options.prefix?.startsWith('/'))
    throw new TypeError('S3FileStore’s prefix must not begin with a slash.');
  const region = options.region ?? (endpoint === undefined ? undefined : 'us-east-1');
  const agent = { maxSockets: CONNECTIONS, keepAlive: true };
  return {
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    forcePathStyle,
    // Checksums of its own kind are Amazon's only: other stores refuse them, and in an address for uploads they would be
    // those of an empty body.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_WITHIN_MS,
      socketTimeout: SILENCE_MS,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
};
