import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject, type Params } from '../telegram/params.js';
import { readFileRequest } from './guard.js';
import type { Done, Screen, ScreenFile } from './screen.js';

/** What the page sends: files, and what else it says of them. */
export type SentFiles =
  | { readonly files: readonly ScreenFile[]; readonly input: Params }
  | { readonly refusal: Done };

/**
 * Reads what the page sends. One file is the body, and the address says its name, `type` and `kind`; several follow one
 * another in the body, and `files` in the address is a list of all that, with the `size` of each.
 */
export async function readFiles(request: IncomingMessage, { searchParams }: URL): Promise<SentFiles> {
  const body = await readFileRequest(request);
  if ('refused' in body) return { refusal: { status: body.status, body: { error: body.refused } } };
  const { name, type, kind, files: list, ...input } = Object.fromEntries(searchParams);
  if (list === undefined) return { files: [fileOf({ name, type, kind }, body.bytes)], input };
  const files = cut(list, body.bytes);
  return files
    ? { files, input }
    : { refusal: { status: 400, body: { error: 'files does not fit the body' } } };
}

/** Hands files that the page sends to whoever holds the phone. */
export async function takeFiles(
  files: NonNullable<Screen['files']>,
  request: IncomingMessage,
  url: URL,
): Promise<Done> {
  const sent = await readFiles(request, url);
  return 'refusal' in sent ? sent.refusal : files.send(sent.files, sent.input);
}

const cut = (list: string, bytes: Uint8Array<ArrayBuffer>): ScreenFile[] | undefined => {
  const about = listIn(list);
  let at = 0;
  const files = about.map((one) => {
    const size = Number.isSafeInteger(one.size) ? Math.max(0, Number(one.size)) : 0;
    at += size;
    return fileOf(one, bytes.slice(at - size, at));
  });
  return files.length > 0 && at === bytes.length ? files : undefined;
};

const listIn = (json: string): Params[] => {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list.filter(isObject) : [];
  } catch {
    return [];
  }
};

const fileOf = ({ name, type, kind }: Params, bytes: Uint8Array<ArrayBuffer>): ScreenFile => ({
  name: wordIn(name),
  mimeType: wordIn(type),
  kind: wordIn(kind),
  bytes,
});

const wordIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Of these the page shows a picture; everything else is only ever saved. */
const SHOWN: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

/** Answers a file of a conversation, in such a way that nothing in it can run. */
export function showFile(file: ScreenFile | undefined, response: ServerResponse): void {
  if (!file) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Not Found');
    return;
  }
  const { name = 'file', mimeType = '', bytes } = file;
  const shown = SHOWN.has(mimeType);
  response
    .writeHead(200, {
      'content-type': shown ? mimeType : 'application/octet-stream',
      'content-length': bytes.length,
      // RFC 6266 and RFC 8187.
      'content-disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${extended(name)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=3600',
    })
    .end(bytes);
}

const extended = (name: string): string =>
  encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
