import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFileRequest } from './guard.js';
import type { Done, Screen, ScreenFile } from './screen.js';

/** Hands a file that the page sends to whoever holds the phone; its address says the rest. */
export async function takeFile(
  files: NonNullable<Screen['files']>,
  request: IncomingMessage,
  { searchParams }: URL,
): Promise<Done> {
  const body = await readFileRequest(request);
  if ('refused' in body) return { status: body.status, body: { error: body.refused } };
  const { name, type, ...input } = Object.fromEntries(searchParams);
  return files.send({ name, mimeType: type || undefined, bytes: body.bytes }, input);
}

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
