import { crc32, deflateSync } from 'node:zlib';

/** A file that somebody sends. */
export interface SharedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its media type; of its name's ending unless told. */
  readonly type?: string;
}

/** A file as a phone's page sends it. */
export const sharedFile = ({
  name = 'file',
  mimeType,
  bytes,
}: {
  readonly name?: string | undefined;
  readonly mimeType?: string | undefined;
  readonly bytes: Uint8Array<ArrayBuffer>;
}): SharedFile => ({ name, bytes, ...(mimeType !== undefined && { type: mimeType }) });

/** A file of that name with something in it: for pictures, a small one; for everything else, a line of text. */
export const sampleFile = (name: string): SharedFile =>
  typeOf(name) === 'image/png'
    ? { name, bytes: picture(96, 64) }
    : { name, bytes: new TextEncoder().encode(`This is ${name}.\n`) };

/** What a file's name says that it is. */
export const typeOf = (name: string): string => {
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return (Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined) ?? 'application/octet-stream';
};

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  txt: 'text/plain',
  html: 'text/html',
  zip: 'application/zip',
  csv: 'text/csv',
  mp4: 'video/mp4',
  webm: 'video/webm',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
};

/** A picture with a gradient. @see https://www.w3.org/TR/png-3/ */
const picture = (width: number, height: number): Uint8Array<ArrayBuffer> => {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      rows.set([(255 * x) / width, 120, (255 * y) / height].map(Math.round), at);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
};

const chunk = (type: string, content: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(type), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
};
