import { existsSync, readFileSync } from 'node:fs';
import type { FakeServer } from '../fake/server.js';

const built = (name: string) => new URL(`../../dist/${name}`, import.meta.url);
const launcher = built('pocketping.js');
const chat = built('pocketping-chat.js');

/** A page of a shop, with the strictest policy that still lets its own scripts and its own server be used. */
const shop = (script: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shop</title><link rel="stylesheet" href="/shop.css"></head>
<body><main><h1>Lamps and more</h1><p>Warm light for long evenings.</p><input aria-label="Search">
<button id="other">Buy</button></main>${script}</body></html>`;

const css = `
  body { margin: 0; font: 22px/2 Georgia, serif; background: #f6f3ee; color: #333; }
  main { max-width: 900px; margin: 40px auto; padding: 0 24px; min-height: 1600px; }
  div { outline: 3px dotted red; } button { background: hotpink !important; text-transform: uppercase; }
  textarea, p { font-size: 40px !important; }
`;

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; media-src 'self'";

/** The built scripts, and pages that use them: `/shop` after its own `/setup.js`, `/attributes`, and `/bare`. */
export function servePages({ pages }: FakeServer): void {
  if (!existsSync(launcher)) throw new Error('dist/pocketping.js is missing: run `npm run build` first');
  const headers = { 'content-security-policy': policy };
  const html = (script: string) => ({ type: 'text/html', headers, body: shop(script) });
  pages.set('/shop', html('<script src="/setup.js"></script><script src="/widget.js"></script>'));
  pages.set(
    '/attributes',
    html('<script src="/widget.js" data-endpoint="/pocketping" data-title="Lamp desk"></script>'),
  );
  pages.set('/bare', html('<script src="/widget.js"></script>'));
  pages.set('/shop.css', { type: 'text/css', body: css });
  const javaScript = (file: URL) => ({ type: 'text/javascript', body: readFileSync(file, 'utf8') });
  pages.set('/widget.js', javaScript(launcher));
  pages.set('/pocketping-chat.js', javaScript(chat));
}

/** What `/shop` runs before the widget's script; from then on `window.complaints` holds what goes against its policy, and what nobody caught. */
export function setUpShop({ pages }: FakeServer, options: Record<string, unknown>): void {
  const init = JSON.stringify({ endpoint: '/pocketping', ...options });
  pages.set('/setup.js', {
    type: 'text/javascript',
    body: `window.complaints = [];
      document.addEventListener('securitypolicyviolation', (event) => complaints.push(event.violatedDirective));
      addEventListener('error', (event) => complaints.push(event.message));
      addEventListener('unhandledrejection', (event) => complaints.push(String(event.reason)));
      window.PocketPing = { q: [['init', ${init}]] };`,
  });
}
