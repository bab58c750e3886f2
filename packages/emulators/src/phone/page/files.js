import { el, icon } from './dom.js';

/** What a page may show as a picture; of anything else it shows the name. */
const PICTURE = /^image\/(?:png|jpeg|gif|webp)$/;

/**
 * A file in a message: a picture as such, everything else by its name and size.
 * @param {import('./connection.js').SharedFile} file
 */
export const shared = ({ name, size, type, path }) =>
  PICTURE.test(type)
    ? el('img', { class: 'picture', src: path, alt: name, 'data-testid': 'phone-picture' })
    : el(
        'a',
        { class: 'file', href: path, download: name, 'data-testid': 'phone-file' },
        icon('attach'),
        el('b', {}, name),
        el('span', {}, sizeOf(size)),
      );

/** @param {number} bytes */
const sizeOf = (bytes) => {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
};
