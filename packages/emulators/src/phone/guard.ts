import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { readBody } from '../telegram/body.js';
import { ApiError } from '../telegram/errors.js';
import { isObject, type Params } from '../telegram/params.js';

/** Bytes of what the page sends: the longest message, with room for escapes. */
const INPUT_LIMIT = 64 * 1024;

/** Bytes of a file that the page sends. */
const FILE_LIMIT = 50 * 1024 * 1024;

export type FileRequest =
  | { readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly status: number; readonly refused: string };

export type ActRequest = { readonly input: Params } | { readonly status: number; readonly refused: string };

/** Whether the request names this machine: by `localhost`, by an address, or by a name that was allowed. */
export function trustedHost(request: IncomingMessage, allowed: readonly string[]): boolean {
  const host = request.headers.host ?? '';
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  const bare = hostname.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare.endsWith('.localhost') || isIP(bare) !== 0 || allowed.includes(bare);
}

/** Reads what the page sends, and refuses what some other page sent. */
export async function readActRequest(request: IncomingMessage): Promise<ActRequest> {
  if (!sameOrigin(request)) return { status: 403, refused: 'foreign origin' };
  // A type that no form can send makes browsers ask first, and nobody answers that question.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    return { status: 415, refused: 'application/json expected' };
  try {
    const input: unknown = JSON.parse((await readBody(request, INPUT_LIMIT)).toString('utf8'));
    return isObject(input) ? { input } : { status: 400, refused: 'an object is expected' };
  } catch (error) {
    return error instanceof ApiError
      ? { status: 413, refused: 'too long' }
      : { status: 400, refused: 'invalid JSON' };
  }
}

/** Reads a file that the page sends. */
export async function readFileRequest(request: IncomingMessage): Promise<FileRequest> {
  if (!sameOrigin(request)) return { status: 403, refused: 'foreign origin' };
  // As with JSON: no form can send this type.
  if (!/^application\/octet-stream\b/i.test(request.headers['content-type'] ?? ''))
    return { status: 415, refused: 'application/octet-stream expected' };
  try {
    return { bytes: new Uint8Array(await readBody(request, FILE_LIMIT)) };
  } catch {
    return { status: 413, refused: 'The file is too large.' };
  }
}

function sameOrigin({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
