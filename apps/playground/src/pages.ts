import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';

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
  '/stage.css': here('stage.css'),
  '/lamp.svg': here('lamp.svg'),
  '/favicon.svg': here('favicon.svg'),
  '/widget.js': fileURLToPath(import.meta.resolve('@pocketping/widget/pocketping.js')),
};

/** What to try when one answers. Chats without topics have nothing to close, and a reply says whom it is for. */
const answering = (withTopics: boolean): string =>
  withTopics
    ? 'Try <code>/online</code>, <code>/close</code>, an edit, a reply.'
    : 'Reply to what the visitor wrote. Try <code>/online</code> and an edit, too.';

/**
 * The pages of the playground.
 * @param phoneUrl the page of the phone to draw, unless the team uses its own
 * @param withTopics whether each conversation has a topic
 */
export const createPages = (phoneUrl: string | undefined, withTopics: boolean) => {
  const headers = {
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': [
      "default-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      `frame-src 'self'${phoneUrl ? ` ${new URL(phoneUrl).origin}` : ''}`,
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

  /** The stage, with the phone that belongs on it. */
  const stage = async (): Promise<string> => {
    const [page, phone] = await Promise.all([
      readFile(here('stage.html'), 'utf8'),
      readFile(here(phoneUrl ? 'phone-drawn.html' : 'phone-own.html'), 'utf8'),
    ]);
    return page
      .replace('<!-- answering -->', answering(withTopics))
      .replace('<!-- phone -->', phone.replace('{phoneUrl}', phoneUrl ?? ''));
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
