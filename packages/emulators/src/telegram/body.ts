import type { IncomingMessage } from 'node:http';
import { ApiError, badRequest } from './errors.js';
import { isObject, type Params } from './params.js';

/** Bytes of a request's body. No method here takes files, so nothing large is ever meant. */
export const BODY_LIMIT = 1024 * 1024;

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

/**
 * The parameters of a request: its query, and its body as JSON, a form or multipart.
 * @param type the body's `Content-Type`
 * @throws ApiError for a body that cannot be read
 * @see https://core.telegram.org/bots/api#making-requests
 */
export async function paramsFrom(query: URLSearchParams, body: Buffer, type: string): Promise<Params> {
  const fromQuery = Object.fromEntries(query);
  return body.length === 0 ? fromQuery : { ...fromQuery, ...(await fields(body, type)) };
}

async function fields(body: Buffer, type: string): Promise<Params> {
  if (/^application\/json\b/i.test(type)) return jsonObject(body.toString('utf8'));
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type)) return {};
  try {
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    return Object.fromEntries([...form].filter(([, value]) => typeof value === 'string'));
  } catch {
    throw badRequest("can't parse the body of the request");
  }
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
