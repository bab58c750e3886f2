import type { Route } from '../../packages/http/src/route.js';
import { routes } from '../../packages/http/src/routes.js';
import type { Random } from '../random.js';
import { type Json, JsonObject, mutated, nastyText, RawJson, textOf } from './json.js';
import { SECRET_HEADER, validUpdate } from './update.js';
import { FILE, type Known, validValue } from './valid-values.js';

/** A request that can be sent, whatever it says. */
export interface Request {
  method: string;
  target: string;
  headers: [name: string, value: string][];
  body: Buffer | undefined;
}

const MOUNT = '/pocketping';

/** A request as a client makes it, of any route that there is: the table is the protocol's own. */
const validRequest = (known: Known, random: Random): Request & { json: Json | undefined } => {
  const route = random.pick(routes);
  const { method, path, reads, who } = route;
  const value = route.request ? validValue(route.request, known, random) : new JsonObject([]);
  const fields = value instanceof JsonObject ? value.fields : [];
  const inPath = /:(\w+)$/.exec(path)?.[1];
  const target = MOUNT + path.replace(/:\w+$/, encodeURIComponent(plain(fields, inPath)));
  const rest = fields.filter(([name]) => name !== inPath);
  const headers: [string, string][] = [['host', 'localhost']];
  if (who !== 'public' && (who === 'visitor' || random.chance(0.5))) {
    headers.push(['authorization', `Bearer ${known.token}`]);
  }
  const inBody = reads === 'body' || reads === 'path' || (reads === 'either' && random.chance(0.5));
  if (reads === 'stream') {
    headers.push(['content-type', 'application/octet-stream']);
    const body = FILE.subarray(0, random.pick([0, 1, FILE.length, FILE.length]));
    return { method, target, headers, body, json: undefined };
  }
  if (!inBody) return { method, target: target + queryOf(rest), headers, body: undefined, json: undefined };
  headers.push(['content-type', 'application/json']);
  const json = reads === 'path' ? validUpdate(known, random) : new JsonObject(rest);
  if (reads === 'path' && random.chance(0.9)) headers.push([SECRET_HEADER, known.platform.secret]);
  return { method, target, headers, body: Buffer.from(textOf(json)), json };
};

/** Whether a route answers when it likes: a stream, or a poll that waits. */
export const mayKeepOpen = ({ target }: Request): boolean => /\/(stream|events)/i.test(target);

/** The route that a request asks for, if it asks for one as it is written in the table. */
export const routeOf = ({ method, target }: Request): Route | undefined =>
  routes.find((route) => route.method === method && target.split('?')[0] === MOUNT + route.path);

const plain = (fields: JsonObject['fields'], name: string | undefined): string =>
  String(fields.find((field) => field[0] === name)?.[1] ?? '');

const queryOf = (fields: JsonObject['fields']): string => {
  const parts = fields.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return parts.length > 0 ? `?${parts.join('&')}` : '';
};

/** A request with something wrong in it, or with nothing. It is still one request, complete and well framed. */
export const fuzzedRequest = (known: Known, random: Random): Request => {
  const request = validRequest(known, random);
  const times = random.pick([0, 1, 1, 1, 2, 3]);
  for (let time = 0; time < times; time++) {
    const part = random.between(0, 9);
    if (part < 5) fuzzBody(request, random);
    else if (part < 8) fuzzHeaders(request, known, random);
    else if (part < 9) fuzzTarget(request, random);
    else request.method = random.pick(METHODS);
  }
  return request;
};

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];

const fuzzBody = (request: Request & { json: Json | undefined }, random: Random): void => {
  const json = mutated(request.json ?? new JsonObject([]), random);
  request.json = json;
  const bytes = Buffer.from(textOf(json));
  switch (random.between(0, 7)) {
    case 0:
      request.body = bytes.subarray(0, random.between(0, bytes.length));
      break;
    case 1:
      request.body = Buffer.concat([bytes, Buffer.from(random.pick([' ', '{}', '\0', ',', '\ufeff']))]);
      break;
    case 2:
      request.body = withBadBytes(bytes, random);
      break;
    case 3:
      request.body = Buffer.concat([
        Buffer.from(random.pick(['\ufeff', ' '.repeat(5000), '//x\n', '{"a":1}'])),
        bytes,
      ]);
      break;
    default:
      request.body = bytes;
  }
};

const withBadBytes = (bytes: Buffer, random: Random): Buffer => {
  const copy = Buffer.from(bytes);
  for (let count = random.between(1, 3); count > 0 && copy.length > 0; count--) {
    copy[random.between(0, copy.length - 1)] = random.pick([0xff, 0xc0, 0x80, 0xed, 0xf8, 0x00, 0x22, 0x5c]);
  }
  return copy;
};

const fuzzHeaders = (request: Request, known: Known, random: Random): void => {
  const [name, values] = random.pick(HEADERS);
  const value = random.pick(values)(known, random);
  if (random.chance(0.7)) request.headers = request.headers.filter((header) => header[0] !== name);
  if (value !== undefined) request.headers.push([name, value]);
};

type HeaderValue = (known: Known, random: Random) => string | undefined;
const say =
  (text: string | undefined): HeaderValue =>
  () =>
    text;
const garbage: HeaderValue = (_known, random) =>
  Array.from({ length: random.between(1, 60) }, () => String.fromCharCode(random.between(0x21, 0xff))).join(
    '',
  );

const HEADERS: readonly (readonly [name: string, values: readonly HeaderValue[]])[] = [
  [
    'authorization',
    [
      say(undefined),
      say('Bearer'),
      say('Bearer '),
      say('Basic YTpi'),
      say(`Bearer ${'x'.repeat(4000)}`),
      ({ token }) => `bearer   ${token}  `,
      ({ token }) => `Bearer ${token}x`,
      ({ token }) => `Bearer ${token},Bearer ${token}`,
      garbage,
    ],
  ],
  [
    'content-type',
    [
      say(undefined),
      say(''),
      say('text/plain'),
      say('application/json; charset=utf-16'),
      say('application/json;charset="UTF-8";'),
      say('multipart/form-data; boundary=x'),
      say('application/json, text/plain'),
      garbage,
    ],
  ],
  [
    'origin',
    [
      say('https://evil.example'),
      say('null'),
      say(''),
      say('http://localhost'),
      say('http://localhost:99999'),
      say('://localhost'),
      garbage,
    ],
  ],
  [
    'cookie',
    [say('__Host-pp=x'), say('a='.repeat(2000)), say('=; =;;;'), ({ token }) => `token=${token}`, garbage],
  ],
  ['content-encoding', [say('gzip'), say('identity'), say('br, gzip'), garbage]],
  ['last-event-id', [say('0'), say('99999999999999999'), say('-1'), say('x'), garbage]],
  ['x-forwarded-for', [say('1.2.3.4'), say('::1, unknown'), say('999.999.999.999'), garbage]],
  ['sec-fetch-site', [say('cross-site'), say('same-origin'), garbage]],
  ['accept', [say('text/event-stream'), say('*/*;q=9'), garbage]],
  ['expect', [say('100-continue'), say('the unexpected')]],
  ['upgrade', [say('h2c'), say('websocket'), say('TLS/1.0, websocket')]],
  ['connection', [say('upgrade'), say('close'), say('keep-alive, x'), say('content-length')]],
  ['host', [say('evil.example'), say(''), say('localhost:99999'), say('[::1')]],
  [SECRET_HEADER, [say(undefined), say(''), ({ platform }) => `${platform.secret}x`, garbage]],
  ['x-http-method-override', [say('DELETE')]],
  ['range', [say('bytes=0-1')]],
  ['if-none-match', [say('*')]],
  ['x-long', [say('x'.repeat(8000)), say('x'.repeat(20_000))]],
  ['__proto__', [garbage, say('x')]],
];

const fuzzTarget = (request: Request, random: Random): void => {
  const [path = '', query = ''] = request.target.split('?', 2);
  const junk = junkOf(random);
  switch (random.between(0, 9)) {
    case 0:
      request.target = `${path}/${junk}`;
      break;
    case 1:
      request.target = `${path}?${query}&${junk}=${junk}`;
      break;
    case 2:
      request.target = `${path}?${query.replace(/=[^&]*/, `=${junk}`)}`;
      break;
    case 3:
      request.target = `${path}?${query}&${query}`;
      break;
    case 4:
      request.target = `http://evil.example${path}?${query}`;
      break;
    case 5:
      request.target = path.replaceAll('/', '//');
      break;
    case 6:
      request.target = `${path}${random.pick(['/', '%2f', '%', '%zz', '%00', '.', '/..', '?', '#x', ';a=b'])}`;
      break;
    case 7:
      request.target = `${MOUNT}/${random.pick(['__proto__', 'constructor', 'toString', 'message/', junk])}`;
      break;
    case 8:
      request.target = random.pick([
        '*',
        '/',
        '//',
        'x',
        '/?',
        'http://',
        '/pocketpingx',
        `/${'a/'.repeat(3000)}`,
      ]);
      break;
    default:
      request.target = `${path}?${'sessionId=x&'.repeat(1200)}`;
  }
};

const junkOf = (random: Random): string => {
  const text = nastyText(random);
  const written = text instanceof RawJson ? text.text : String(text);
  return encodeURIComponent(written.slice(0, 3000).replace(/\p{Cs}/gu, '\ufffd'));
};
