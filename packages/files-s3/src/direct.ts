import { CopyObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { FileStore, Instant } from '@pocketping/core';

/**
 * What a signed address may last.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
const LONGEST_SECONDS = 7 * 24 * 60 * 60;

type Direct = NonNullable<FileStore['direct']>;

/** Signed addresses: who has one needs no credentials. @param keyOf throws a TypeError for what is no id */
export const directAccess = (client: S3Client, Bucket: string, keyOf: (id: string) => string): Direct => ({
  async upload(id, { size, mimeType }, expiresAt) {
    const command = new PutObjectCommand({
      Bucket,
      Key: keyOf(id),
      ContentLength: size,
      ContentType: mimeType,
    });
    // The length is signed because the command has it; the type would not be.
    const signableHeaders = new Set(['host', 'content-length', 'content-type']);
    const url = await getSignedUrl(client, command, { ...lasting(expiresAt), signableHeaders });
    return { url, method: 'PUT', headers: { 'Content-Type': mimeType } };
  },

  async url(id, { contentType, contentDisposition }, expiresAt) {
    const command = new GetObjectCommand({
      Bucket,
      Key: keyOf(id),
      ResponseContentType: contentType,
      ResponseContentDisposition: contentDisposition,
    });
    return getSignedUrl(client, command, lasting(expiresAt));
  },

  async copy(from, to) {
    const target = { Bucket, Key: keyOf(to), CopySource: sourceOf(Bucket, keyOf(from)) };
    // An upload may have brought a `Content-Encoding` and the like, which no signature covers: they are left behind.
    const about = { MetadataDirective: 'REPLACE', ContentType: 'application/octet-stream' } as const;
    await client.send(new CopyObjectCommand({ ...target, ...about }));
  },
});

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html#API_CopyObject_RequestSyntax */
const sourceOf = (bucket: string, key: string): string =>
  encodeURIComponent(`${bucket}${bucket.startsWith('arn:') ? '/object' : ''}/${key}`).replaceAll('%2F', '/');

/** S3 counts in whole seconds from the one in which the address was signed: it lasts until the next whole one, or a week. */
const lasting = (expiresAt: Instant): { signingDate: Date; expiresIn: number } => {
  const now = Date.now();
  const ms = expiresAt - now;
  if (!(ms > 0 && ms <= LONGEST_SECONDS * 1000)) {
    throw new RangeError('A signed address ends in the future, within seven days.');
  }
  const from = Math.floor(now / 1000);
  const expiresIn = Math.min(Math.ceil(expiresAt / 1000) - from, LONGEST_SECONDS);
  return { signingDate: new Date(from * 1000), expiresIn };
};
