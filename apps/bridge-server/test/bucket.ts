import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Env } from './process.js';

const BUCKET = 'attachments';
const KEY = { id: 'AKIAEXAMPLE', secret: 'the-other-half-of-the-key' };

/** A store with one bucket, as far as a server asks for one: objects are put, read and looked at. */
export interface BucketStore {
  readonly name: string;
  readonly endpoint: string;
  /** The variables that name it. */
  readonly env: Env;
  /** Method and target of every request so far. */
  readonly requests: readonly string[];
}

/** It is gone after the test. What is not signed with its key is refused; an address that was signed is taken at its word. */
export const bucketStore = async (): Promise<BucketStore> => {
  const requests: string[] = [];
  const objects = new Map<string, Buffer>();
  const serve = async (req: IncomingMessage, res: ServerResponse) => {
    requests.push(`${req.method} ${req.url}`);
    const [path = ''] = (req.url ?? '').split('?');
    const sent = Buffer.concat(await req.toArray());
    const object = objects.get(path);
    if (req.headers.authorization && !isSigned(req)) return res.writeHead(403).end();
    if (path.replace(/\/$/, '') === `/${BUCKET}`) return res.writeHead(200).end();
    if (req.method === 'PUT') objects.set(path, sent);
    else if (req.method === 'DELETE') objects.delete(path);
    else if (object === undefined) return res.writeHead(404).end();
    else return give(req, res, object);
    return res.writeHead(200).end();
  };
  const server = createServer((req, res) => void serve(req, res)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = {
    S3_BUCKET: BUCKET,
    S3_ENDPOINT: endpoint,
    S3_ACCESS_KEY_ID: KEY.id,
    S3_SECRET_ACCESS_KEY: KEY.secret,
  };
  return { name: BUCKET, endpoint, env, requests };
};

const give = (req: IncomingMessage, res: ServerResponse, object: Buffer) => {
  const [, first, last] = /bytes=(\d+)-(\d+)/.exec(req.headers.range ?? '') ?? [];
  const part = first === undefined ? object : object.subarray(Number(first), Number(last) + 1);
  res.writeHead(first === undefined ? 200 : 206, { 'content-length': part.length });
  return res.end(req.method === 'HEAD' ? undefined : part);
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
const isSigned = ({ method, url = '', headers }: IncomingMessage): boolean => {
  const [, id, scope = '', names = '', signature] =
    /Credential=([^/]+)\/([^,]+), *SignedHeaders=([^,]+), *Signature=(\w+)/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const [path, query = ''] = url.split('?');
  const request = [
    method,
    path,
    query
      .split('&')
      .map((pair) => (pair === '' || pair.includes('=') ? pair : `${pair}=`))
      .toSorted()
      .join('&'),
    ...names.split(';').map((name) => `${name}:${headers[name]}`),
    '',
    names,
    headers['x-amz-content-sha256'],
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(request)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${KEY.secret}`);
  return id === KEY.id && hmac(key, toSign).toString('hex') === signature;
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
