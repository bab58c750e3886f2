import type { S3Client } from '@aws-sdk/client-s3';
import { PocketPingError } from '@pocketping/core';

/**
 * What the store's error codes mean to whoever runs the app.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const ADVICE: readonly (readonly [names: RegExp, advice: (bucket: string) => string])[] = [
  [
    /^(InvalidAccessKeyId|SignatureDoesNotMatch|CredentialsProviderError|ExpiredToken|InvalidToken|TokenRefreshRequired)$/,
    (bucket) => `The credentials for bucket ${bucket} are missing, wrong or expired.`,
  ],
  [
    /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|301)$/,
    (bucket) => `Bucket ${bucket} is in another region. Set "region" to where it is.`,
  ],
  [
    /^(AccessDenied|Forbidden|AllAccessDisabled|403)$/,
    (bucket) =>
      `Bucket ${bucket} does not let these credentials in. The README of @pocketping/files-s3 has the policy that they need.`,
  ],
  [/^RequestTimeTooSkewed$/, () => 'The clock of this machine is wrong: the store refuses what it signs.'],
  [
    /^(QuotaExceeded|XMinioStorageFull|InsufficientCapacity)$/,
    (bucket) => `The store of bucket ${bucket} is full.`,
  ],
];

/** Has everything that a client does fail with errors in words that help. */
export const explainFailures = (client: S3Client, bucket: string): void => {
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw explained(error, bucket);
      }
    },
    { step: 'initialize', priority: 'high', name: 'explainFailures' },
  );
};

export const noSuchBucket = (bucket: string, cause: unknown): PocketPingError =>
  new PocketPingError('unavailable', `There is no bucket ${bucket}. Create it, or correct its name.`, {
    cause,
  });

export const isNotFound = (error: unknown): boolean =>
  PocketPingError.isInstance(error) && error.code === 'not_found';

/** A range that begins behind the end (RFC 9110 §15.5.17). */
export const isOutOfRange = (error: unknown): boolean => /^(InvalidRange|416)$/.test(nameOf(error));

const explained = (error: unknown, bucket: string): unknown => {
  if (PocketPingError.isInstance(error) || isOutOfRange(error)) return error;
  const name = nameOf(error);
  // The answer to a HEAD has no body, so that only its status tells.
  if (/^(NoSuchKey|NotFound|404)$/.test(name)) {
    return new PocketPingError('not_found', `There is no such file in bucket ${bucket}`, { cause: error });
  }
  if (name === 'NoSuchBucket') return noSuchBucket(bucket, error);
  const advice = ADVICE.find(([names]) => names.test(name))?.[1](bucket);
  const message = advice ?? `The store of bucket ${bucket} cannot be reached, or failed (${name}).`;
  return new PocketPingError('unavailable', message, { cause: error });
};

/** What the store calls it; the status of an answer that has no body; the system's code where nobody answered. */
const nameOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  if (error.name !== 'Error' && error.name !== 'UnknownError' && error.name !== 'Unknown') return error.name;
  return String(code ?? $metadata?.httpStatusCode ?? error.message);
};
