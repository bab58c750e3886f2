import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { inParts } from './parts.js';

/**
 * Bytes of a part, and so what one upload holds in memory. S3 takes no smaller ones, and 10,000 of them.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 */
const PART_BYTES = 5 * 1024 * 1024;

interface Target {
  readonly Bucket: string;
  readonly Key: string;
}

/**
 * Sends a stream of any length: at once what fits into one part, in parts what is larger. Either way the object appears
 * when all of it is there. What fails cancels the stream, and takes back the parts that were sent.
 */
export const upload = async (
  client: Pick<S3Client, 'send'>,
  target: Target,
  bytes: ReadableStream<Uint8Array>,
  ContentType: string,
): Promise<void> => {
  const parts = inParts(bytes, PART_BYTES);
  try {
    const first = (await parts.next()).value ?? new Uint8Array();
    if (first.length < PART_BYTES) {
      await client.send(new PutObjectCommand({ ...target, ContentType, Body: first }));
    } else {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...target, ContentType }));
      await inMultipart(client, { ...target, UploadId: UploadId as string }, first, parts);
    }
  } finally {
    await parts.return(undefined);
  }
};

const inMultipart = async (
  client: Pick<S3Client, 'send'>,
  target: Target & { readonly UploadId: string },
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array, undefined>,
): Promise<void> => {
  const sent: { readonly PartNumber: number; readonly ETag: string | undefined }[] = [];
  const send = async (Body: Uint8Array) => {
    const PartNumber = sent.length + 1;
    const { ETag } = await client.send(new UploadPartCommand({ ...target, PartNumber, Body }));
    sent.push({ PartNumber, ETag });
  };
  try {
    await send(first);
    for await (const part of rest) if (part.length > 0) await send(part);
    await client.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts: sent } }));
  } catch (error) {
    // Should this fail as well, the bucket's own rule ends the upload; the README says which.
    await client.send(new AbortMultipartUploadCommand(target)).catch(() => {});
    throw error;
  }
};
