import type { IncomingMessage } from 'node:http';
import { ApiError, badRequest } from './errors.js';
import { multipart } from './multipart.js';
import { isObject, type Params } from './params.js';
import { UPLOAD_LIMIT, type Uploads } from './uploads.js';

/** Bytes of a request's body that carries no files. */
export const BODY_LIMIT = 1024 * 1024;

/** How many bytes a body of this `Content-Type` may have. */
export const bodyLimit = (type: string): number =>
  isMultipart(type) ? UPLOAD_LIMIT + BODY_LIMIT : BODY_LIMIT;

/** @throws ApiError 413 as soon as more than `limit` bytes have come */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new ApiError(413, 'Request Entity Too Large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What a request says. */
export interface Said {
  readonly params: Params;
  readonly uploads: Uploads;
}

/**
 * The parameters of a request: its query, and its body as JSON, a form or multipart; and the files in it.
 * @param type the body's `Content-Type`
 * @throws ApiError for a body that cannot be read
 * @see https://core.telegram.org/bots/api#making-requests
 */
export async function saidIn(query: URLSearchParams, body: Buffer, type: string): Promise<Said> {
  const fromQuery = Object.fromEntries(query);
  if (body.length === 0) return { params: fromQuery, uploads: new Map() };
  if (isMultipart(type)) {
    const { fields, uploads } = await multipart(body, type);
    return { params: { ...fromQuery, ...fields }, uploads };
  }
  return { params: { ...fromQuery, ...fields(body, type) }, uploads: new Map() };
}

/** The same without the files. */
export const paramsFrom = async (query: URLSearchParams, body: Buffer, type: string): Promise<Params> =>
  (await saidIn(query, body, type)).params;

const isMultipart = (type: string): boolean => /^multipart\/form-data\b/i.test(type);

function fields(body: Buffer, type: string): Params {
  const source = body.toString('utf8');
  if (/^application\/json\b/i.test(type)) return jsonObject(source);
  return /^application\/x-www-form-urlencoded\b/i.test(type)
    ? Object.fromEntries(new URLSearchParams(source))
    : {};
}

function jsonObject(source: string): Params {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw badRequest("can't parse JSON object");
  }
  if (!isObject(value)) throw badRequest('JSON object expected');
  return value;
}
