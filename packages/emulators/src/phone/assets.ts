import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pageDirectory } from '../page-directory.js';

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** Messages are written by strangers: should one ever become markup, it still could not run or fetch anything. */
const policy = [
  "default-src 'none'",
  "img-src 'self' data:",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * One of the page's own files; 404 for anything else.
 * @param platform what the page is to look like
 */
export function asset(
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
  platform: string,
): void {
  const type = /^[a-z-]+\.(html|css|js)$/.exec(name)?.[1];
  if (type === undefined) {
    missing(response);
    return;
  }
  readFile(new URL(name, pageDirectory), 'utf8').then(
    (source) => {
      const content = source.replace('<html ', `<html data-platform="${platform}" `);
      response.writeHead(200, {
        'content-type': types[type],
        'cache-control': 'no-cache',
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      response.end(request.method === 'HEAD' ? undefined : content);
    },
    () => missing(response),
  );
}

const missing = (response: ServerResponse): void => {
  response.writeHead(404, { 'content-type': 'text/plain' }).end('Not Found');
};
