import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Phone } from './phones.js';
import { stageWith } from './stage.js';

const here = (name: string): string => fileURLToPath(new URL(`../pages/${name}`, import.meta.url));

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const files: Readonly<Record<string, string>> = {
  '/shop': here('shop.html'),
  '/shop.css': here('shop.css'),
  '/shop.js': here('shop.js'),
  '/stage.css': here('stage.css'),
  '/lamp.svg': here('lamp.svg'),
  '/favicon.svg': here('favicon.svg'),
  '/widget.js': fileURLToPath(import.meta.resolve('@pocketping/widget/pocketping.js')),
  '/pocketping-chat.js': fileURLToPath(import.meta.resolve('@pocketping/widget/pocketping-chat.js')),
};

/**
 * The pages of the playground.
 * @param phones the phones to show, drawn ones and people's own
 */
export const createPages = (phones: readonly Phone[]) => {
  const origins = phones.flatMap(({ drawn }) => (drawn ? [new URL(drawn.url).origin] : []));
  const headers = {
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': [
      "default-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      ['frame-src', "'self'", ...origins].join(' '),
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
  };

  const send = (res: ServerResponse, status: number, type: string, body: string | Buffer) => {
    res.writeHead(status, {
      ...headers,
      'Content-Type': types[type],
      'Content-Length': Buffer.byteLength(body),
    });
    res.end(res.req.method === 'HEAD' ? undefined : body);
  };

  /** The stage, with the phones that belong on it. */
  const stage = async (): Promise<string> => {
    const read = (name: string): Promise<string> => readFile(here(name), 'utf8');
    const [page, drawn, own] = await Promise.all([
      read('stage.html'),
      read('phone-drawn.html'),
      read('phone-own.html'),
    ]);
    return stageWith(phones, { page, drawn, own });
  };

  /** Answers a request for a page. */
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const path = (req.url ?? '/').split('?', 1)[0] ?? '/';
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('Allow', 'GET, HEAD');
      return send(res, 405, 'html', 'Method not allowed');
    }
    const file = files[path];
    if (path === '/') send(res, 200, 'html', await stage());
    else if (file) send(res, 200, file.slice(file.lastIndexOf('.') + 1), await readFile(file));
    else send(res, 404, 'html', 'There is no such page. The playground is at <a href="/">/</a>.');
  };
};
