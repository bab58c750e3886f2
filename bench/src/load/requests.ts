import type { Visitor } from '../server/control.js';

/**
 * What Chromium sends with a `fetch` of the widget, besides the token and what describes the body. Both sides of a
 * measurement get the same requests, to the byte.
 */
const BROWSER = [
  'connection: keep-alive',
  'sec-ch-ua-platform: "Linux"',
  'user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24", "Google Chrome";v="140"',
  'sec-ch-ua-mobile: ?0',
  'accept: */*',
  'origin: http://127.0.0.1',
  'sec-fetch-site: same-origin',
  'sec-fetch-mode: cors',
  'sec-fetch-dest: empty',
  'referer: http://127.0.0.1/',
  'accept-encoding: gzip, deflate, br, zstd',
  'accept-language: en-GB,en;q=0.9',
].join('\r\n');

const head = (line: string, token: string | undefined): string =>
  `${line} HTTP/1.1\r\nhost: 127.0.0.1\r\n${BROWSER}\r\n${token === undefined ? '' : `authorization: Bearer ${token}\r\n`}`;

export const get = (path: string, token: string): string => `${head(`GET /pocketping${path}`, token)}\r\n`;

/** @param body JSON in ASCII */
export const post = (path: string, body: string, token?: string): string =>
  `${postHead(path, body.length, token)}${body}`;

const postHead = (path: string, bytes: number, token: string | undefined): string =>
  `${head(`POST /pocketping${path}`, token)}content-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n`;

let counted = 1e9;
/** Ten digits that were not used before. */
const fresh = (): string => `${++counted}`;

/** `POST /message`, by each of the visitors in turn, each with words and an id of its own. */
export function messages(visitors: readonly Visitor[]): () => string {
  const writers = visitors.map(({ sessionId, token }) => {
    const body = (n: string) =>
      `{"content":"Hello! My order ${n} has not arrived yet. Could you have a look where it is?","clientMessageId":"3f1c9a52-7b0e-4d65-9c1f-${n}","sessionId":"${sessionId}"}`;
    const start = postHead('/message', body(fresh()).length, token);
    return () => start + body(fresh());
  });
  return inTurn(writers);
}

/** `POST /connect` by browsers that were never here. */
export const newcomers = (): (() => string) => {
  const body = (n: string) =>
    `{"visitorId":"vis-${n}-c47a","metadata":{"url":"https://www.example.com/pricing?plan=team","referrer":"https://www.example.com/","pageTitle":"Pricing","userAgent":"Mozilla/5.0 (X11; Linux x86_64)","timezone":"Europe/Madrid","language":"en-GB","screenResolution":"1920x1080"},"secret":"Wm9Qk3vJt8sXr2Lb7NcYa1HdPe6GuF${n}"}`;
  const start = postHead('/connect', body(fresh()).length, undefined);
  return () => start + body(fresh());
};

/** The requests of a list, one after the other, again and again. */
export const inTurn = (requests: readonly (() => string)[]): (() => string) => {
  let at = 0;
  return () => {
    const next = requests[at] as () => string;
    at = at + 1 === requests.length ? 0 : at + 1;
    return next();
  };
};
