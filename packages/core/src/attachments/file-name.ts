import { LIMITS } from '@pocketping/protocol';

/** The longest ending that is kept of a name that is cut. */
const ENDING = /\.[A-Za-z0-9]{1,10}$/;
/** Everything that is not for a name: paths, controls, what changes the direction of text or takes no room, lone surrogates. */
const FOREIGN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** What Windows does not take in names, or names devices by. @see https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const RESERVED = /[<>:"|?*]/g;
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** A name under which a file can be shown, and saved on any system: the last part of whatever path it is. */
export const safeFileName = (given: string | undefined, mimeType: string): string => {
  const last = (given ?? '').replace(FOREIGN, '').split(/[\\/]/).at(-1) ?? '';
  const name = last
    .replace(RESERVED, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
    .replace(DEVICE, '_$1');
  return name === '' ? `file${endingOf(mimeType)}` : cut(name);
};

/** Within the limit of file systems, which count bytes; the ending, by which people know what it is, stays. */
const cut = (name: string): string => {
  const ending = ENDING.exec(name)?.[0] ?? '';
  const characters = [...name.slice(0, name.length - ending.length)];
  const most = Math.min(LIMITS.fileNameLength, MOST_BYTES) - ending.length;
  while (utf8.encode(characters.join('')).length > most)
    characters.splice(-Math.max(1, characters.length >> 4));
  return `${characters.join('').trimEnd()}${ending}`;
};

const MOST_BYTES = 200;
const utf8 = new TextEncoder();

const endingOf = (mimeType: string): string => {
  const [, subtype = ''] = mimeType.split('/');
  const ending = ENDINGS[mimeType] ?? subtype;
  return /^[a-z0-9]{1,5}$/.test(ending) ? `.${ending}` : '';
};

const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/x-m4a': 'm4a',
  'video/quicktime': 'mov',
  'text/plain': 'txt',
  'application/octet-stream': '',
};
