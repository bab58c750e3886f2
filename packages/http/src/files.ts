import type { OpenFile } from '@pocketping/core';
import type { WireHeaders, WireOutput } from './wire.js';

/** What browsers may show within a page; everything else they save. Neither SVG nor HTML is: both may hold programs. */
const INLINE: ReadonlySet<string> = new Set([
  ...['jpeg', 'png', 'gif', 'webp', 'avif'].map((name) => `image/${name}`),
  ...['mpeg', 'ogg', 'opus', 'wav', 'aac', 'mp4', 'x-m4a', 'flac', 'webm'].map((name) => `audio/${name}`),
  ...['mp4', 'webm', 'ogg', 'quicktime', 'x-m4v'].map((name) => `video/${name}`),
]);

/** Besides its type, what keeps a file from being anything else in a browser. */
const SAFE = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  // A page of any origin shows the widget, and in it the file. Whoever may read it, its address says.
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  // What an address stands for never changes; it may end.
  'cache-control': 'private, max-age=86400',
};

/** @see https://www.rfc-editor.org/rfc/rfc6266 */
const contentDisposition = (name: string, inline: boolean): string => {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return `${inline ? 'inline' : 'attachment'}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
};

/** Answers a request for a file, or for a part of it. */
export const serveFile = async (
  file: OpenFile,
  request: { readonly headers: WireHeaders; readonly method: string },
  common: Readonly<Record<string, string>>,
): Promise<WireOutput> => {
  const isInline = INLINE.has(file.mimeType);
  const serving = {
    contentType: isInline ? file.mimeType : contentTypeOf(file.mimeType),
    contentDisposition: contentDisposition(file.name, isInline),
  };
  if (file.url) {
    const location = await file.url(serving);
    const headers = {
      ...common,
      location,
      'cache-control': 'private, max-age=60',
      'referrer-policy': 'no-referrer',
    };
    return { status: 302, headers, body: '' };
  }
  const headers = {
    ...common,
    ...SAFE,
    'content-type': serving.contentType,
    'content-disposition': serving.contentDisposition,
    'accept-ranges': 'bytes',
  };
  const range = rangeOf(request.headers.range, file.size);
  if (range === 'unsatisfiable') {
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${file.size}` }, body: '' };
  }
  const length = range ? range.last - range.first + 1 : file.size;
  return {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      'content-length': `${length}`,
      ...(range && { 'content-range': `bytes ${range.first}-${range.last}/${file.size}` }),
    },
    body: '',
    ...(request.method !== 'HEAD' && { bytes: await file.bytes(range) }),
  };
};

/** Text can be read by whoever opens it on purpose; that it is saved first, the disposition says. */
const contentTypeOf = (mimeType: string): string =>
  mimeType === 'text/plain' ? 'text/plain; charset=utf-8' : mimeType;

/**
 * One range of bytes; undefined where all of the file is wanted, which is also how several ranges are answered.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
const rangeOf = (
  field: string | readonly string[] | undefined,
  size: number,
): { first: number; last: number } | 'unsatisfiable' | undefined => {
  const asked = typeof field === 'string' ? /^bytes=(\d*)-(\d*)$/.exec(field.trim()) : null;
  if (!asked) return undefined;
  const [, from = '', to = ''] = asked;
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  return first < size && first <= last ? { first, last } : 'unsatisfiable';
};
