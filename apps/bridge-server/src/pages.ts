import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Script } from './widget.js';

/** Serves what is for browsers. @returns false, having touched nothing, for everything else */
export type Pages = (req: IncomingMessage, res: ServerResponse) => boolean;

/** The page at `/`, and the widget's scripts. */
export const createPages = (scripts: ReadonlyMap<string, Script>, publicUrl: string | undefined): Pages => {
  return (req, res) => {
    const [path = '/', query] = (req.url ?? '/').split('?', 2);
    if (req.method !== 'GET' && req.method !== 'HEAD') return false;
    if (path === '/') {
      sendPage(res, page(publicUrl ?? addressOf(req)));
      return true;
    }
    const script = scripts.get(/^\/widget\/([\w.-]+)$/.exec(path)?.[1] ?? '');
    if (!script) return false;
    sendScript(req, res, script, query !== undefined);
    return true;
  };
};

const sendPage = (res: ServerResponse, html: string): void => {
  res.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  });
  res.end(res.req.method === 'HEAD' ? undefined : html);
};

/** @param named the address has a query, by which the widget names a version: that version never changes */
const sendScript = (
  req: IncomingMessage,
  res: ServerResponse,
  { bytes, gzipped, etag }: Script,
  named: boolean,
): void => {
  const headers = {
    etag,
    'cache-control': named ? 'public, max-age=31536000, immutable' : 'no-cache',
    // Pages that isolate themselves (COEP) load only what says that it may be loaded.
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
    vary: 'Accept-Encoding',
  };
  if (req.headers['if-none-match']?.includes(etag)) {
    res.writeHead(304, headers).end();
    return;
  }
  const packed = /\bgzip\b/.test(String(req.headers['accept-encoding'] ?? ''));
  const body = packed ? gzipped : bytes;
  res.writeHead(200, {
    ...headers,
    ...(packed && { 'content-encoding': 'gzip' }),
    'content-type': 'text/javascript; charset=utf-8',
    'content-length': body.length,
  });
  res.end(req.method === 'HEAD' ? undefined : body);
};

/** The address by which this request found us. A proxy that ends TLS is not asked: that is what PUBLIC_URL is for. */
const addressOf = ({ headers }: IncomingMessage): string => `http://${headers.host ?? 'localhost'}`;

const page = (address: string): string => {
  const line = `<script src="${address}/widget/pocketping.js" data-endpoint="${address}" defer></script>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PocketPing server</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 42rem; margin: 12vh auto; padding: 0 1.25rem }
  h1 { font-size: 1.375rem; margin: 0 0 .5rem }
  pre { overflow-x: auto; padding: 1rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .5rem }
</style>
<h1>PocketPing server</h1>
<p>Visitors of a website write in its chat, and the team answers from Telegram, Discord or Slack. This server is what stands between them.</p>
<p>For the chat on your pages, put this line into them:</p>
<pre><code>${escaped(line)}</code></pre>
<p>The pages’ websites have to be in <code>ALLOWED_ORIGINS</code>. <a href="health">Health</a> says how the messaging apps are.</p>
</html>
`;
};

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
