/** A file of a kind, as far as its first bytes tell: nothing that plays. */
export interface MediaSample {
  readonly name: string;
  /** What its bytes are. */
  readonly mimeType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Latin-1, so that every character is a byte; then something that is in no other file. */
const sample = (name: string, mimeType: string, head: string): MediaSample => {
  const text = `${head} ${name} ${'and so on '.repeat(50)}`;
  return { name, mimeType, bytes: Uint8Array.from(text, (character) => character.charCodeAt(0)) };
};

const ISO_MEDIA = (brand: string): string => `\0\0\0\x14ftyp${brand}\0\0\x02\0${brand}`;

/** The header of an Ogg page, and what it begins with. */
const OGG = (codec: string): string => `OggS\0\x02${'\0'.repeat(20)}\x01\x13${codec}`;

const EBML =
  '\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm\x42\x87\x81\x04\x42\x85\x81\x02';

/** One of each kind that people send each other, of 4 by 3 pixels where it is a picture. */
export const mediaSamples = {
  png: sample(
    'lamp.png',
    'image/png',
    '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x04\0\0\0\x03\x08\x02\0\0\0\x3f\x2a\xb2\xba\0\0\0\0IDAT',
  ),
  jpeg: sample('shelf.jpg', 'image/jpeg', '\xff\xd8\xff\xc0\0\x11\x08\0\x03\0\x04\x03'),
  webp: sample('chair.webp', 'image/webp', 'RIFF\0\x02\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x03\0\0\x02\0\0'),
  gif: sample('wave.gif', 'image/gif', 'GIF89a\x04\0\x03\0\0\0\0'),
  mp4: sample('tour.mp4', 'video/mp4', ISO_MEDIA('isom')),
  webm: sample('turn.webm', 'video/webm', EBML),
  mp3: sample('song.mp3', 'audio/mpeg', 'ID3\x03\0\0\0\0\0\0\xff\xfb\x90\x64'),
  m4a: sample('memo.m4a', 'audio/x-m4a', ISO_MEDIA('M4A ')),
  ogg: sample('voice.ogg', 'audio/ogg', OGG('OpusHead')),
  pdf: sample('offer.pdf', 'application/pdf', '%PDF-1.7\n'),
  zip: sample('plans.zip', 'application/zip', `PK\x05\x06${'\0'.repeat(18)}`),
  text: sample('notes.txt', 'text/plain', 'Notes: '),
} as const;

/** What people call a file of each kind. */
export const kindsOfFiles: readonly (readonly [kind: string, sample: MediaSample])[] = Object.entries({
  'a picture': mediaSamples.png,
  'a photo': mediaSamples.jpeg,
  'a picture as WebP': mediaSamples.webp,
  'a GIF': mediaSamples.gif,
  'a video': mediaSamples.mp4,
  'a video as WebM': mediaSamples.webm,
  'a song': mediaSamples.mp3,
  'a recording': mediaSamples.m4a,
  'a voice message': mediaSamples.ogg,
  'a document': mediaSamples.pdf,
  'an archive': mediaSamples.zip,
  'a text': mediaSamples.text,
});

/** Pictures and documents in turn, each with a name of its own. */
export const tenFiles: readonly MediaSample[] = Array.from({ length: 10 }, (_, n) =>
  n % 2 === 0 ? { ...mediaSamples.png, name: `${n}.png` } : { ...mediaSamples.pdf, name: `${n}.pdf` },
);

/** Where a platform shows a file as what its type says. */
export const formsByType = Object.fromEntries(
  Object.entries(mediaSamples).map(([name, { mimeType }]) => [name, mimeType.split('/')[0] as string]),
) as Readonly<Record<keyof typeof mediaSamples, string>>;
