import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { isSigned } from './signature.js';

export const BUCKET = 'attachments';
/** Those that s3rver knows. */
export const CREDENTIALS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

export interface Store {
  readonly endpoint: string;
  /** Method and target of every request so far. */
  readonly requests: string[];
  /** Uploads in parts that were begun and neither completed nor taken back. */
  unfinished(): Promise<string[]>;
  /** Answers requests instead of the store where it returns true. */
  interfere?: ((req: IncomingMessage, res: ServerResponse) => boolean) | undefined;
  close(): Promise<void>;
}

/**
 * s3rver, an S3-compatible server that none of us wrote, with what it lacks before it:
 *
 * - It takes every signature of version 4 for true, and so does not see which header fields are signed. Every request
 *   is checked here, as Amazon's documentation says (`isSigned`). The bytes are not compared with their signed hash.
 * - It knows no AbortMultipartUpload.
 * - It writes an object in place; here two writes of one come one after the other.
 * - It misreads ranges that end with the first byte, and those of an empty object.
 *
 * It checks the expiry of addresses and the parts of an upload; it knows no policies and no quotas, and keeps no rule about the
 * size of parts.
 */
export const startStore = async (bucket = BUCKET): Promise<Store> => {
  const directory = mkdtempSync(join(tmpdir(), 'pocketping-s3-'));
  const s3rver = new S3rver({
    directory,
    silent: true,
    vhostBuckets: false,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  await s3rver.configureBuckets();
  correctRanges(s3rver);
  const serve = oneAtATime(s3rver.callback());
  const uploads = join(directory, bucket, '._S3rver_uploads');

  const server = createServer((req, res) => {
    store.requests.push(`${req.method} ${req.url}`);
    if (store.interfere?.(req, res)) return;
    const { searchParams } = new URL(req.url ?? '/', 'http://store');
    const uploadId = searchParams.get('uploadId');
    if (!isSigned(req, CREDENTIALS)) {
      refuse(req, res, 403, 'SignatureDoesNotMatch');
    } else if (req.method === 'DELETE' && uploadId) {
      void rm(join(uploads, uploadId), { recursive: true }).then(() => res.writeHead(204).end());
    } else {
      serve(req, res);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const store: Store = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    unfinished: () => readdir(uploads).catch(() => []),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return store;
};

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

/** Those that write the same object wait for each other. */
const oneAtATime = (serve: Handler): Handler => {
  const writing = new Map<string, Promise<unknown>>();
  return (req, res) => {
    if (req.method === 'GET' || req.method === 'HEAD') return serve(req, res);
    const path = String(req.url).split('?')[0] as string;
    const done = (writing.get(path) ?? Promise.resolve()).then(() => {
      const over = new Promise((resolve) => res.once('close', resolve));
      serve(req, res);
      return over;
    });
    writing.set(path, done);
  };
};

interface Range {
  readonly start?: number;
  readonly end?: number;
}

interface Shelf {
  getMetadata(bucket: string, key: string): Promise<{ 'content-length': number }>;
  getObject(bucket: string, key: string, range?: Range): Promise<unknown>;
}

const correctRanges = (s3rver: S3rver): void => {
  const { store: shelf } = s3rver as unknown as { store: Shelf };
  const getObject = shelf.getObject.bind(shelf);
  shelf.getObject = async (bucket, key, range) => {
    if (range?.start === undefined) return getObject(bucket, key, range);
    const about = await shelf.getMetadata(bucket, key).catch(() => undefined);
    if (about?.['content-length'] === 0) return getObject(bucket, key, { start: 1 });
    // It takes 0 for none; an object with that value it does not.
    return getObject(bucket, key, range.end === 0 ? { ...range, end: Object(0) } : range);
  };
};

/** An error as S3 tells it. */
export const refuse = (req: IncomingMessage, res: ServerResponse, status: number, code: string): void => {
  req.resume();
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  res.writeHead(status, { 'content-type': 'application/xml' });
  res.end(req.method === 'HEAD' ? undefined : body);
};
