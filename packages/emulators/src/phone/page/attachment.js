import { fileAddress } from './connection.js';
import { el, icon } from './dom.js';

/**
 * @typedef {import('./connection.js').PhoneFile} PhoneFile
 * @typedef {import('./connection.js').SharedFile} SharedFile
 */

/** What a page may show as a picture; of anything else it shows the name. */
const PICTURE = /^image\/(?:png|jpeg|gif|webp)$/;

/**
 * A file as the conversation shows it: a picture, or a name to save it by.
 * @param {PhoneFile} file
 */
export const attachment = (file) => {
  const path = fileAddress(file);
  return file.isPhoto ? picture(path, nameOf(file)) : saved(path, nameOf(file), file.size);
};

/**
 * The same for one whose address the platform tells.
 * @param {SharedFile} file
 */
export const shared = ({ name, size, type, path }) =>
  PICTURE.test(type) ? picture(path, name) : saved(path, name, size);

/** What stands for a file without words. @param {PhoneFile} file */
export const nameOf = (file) => file.name ?? (file.isPhoto ? 'Photo' : 'File');

/** @param {string} path @param {string} name */
const picture = (path, name) =>
  el(
    'a',
    { class: 'picture', href: path, target: '_blank', 'data-testid': 'phone-picture' },
    el('img', { src: path, alt: name }),
  );

/** @param {string} path @param {string} name @param {number} size */
const saved = (path, name, size) =>
  el(
    'a',
    { class: 'file', href: path, download: name, 'data-testid': 'phone-file' },
    el('span', { class: 'file-icon' }, icon('file')),
    el('strong', {}, name),
    el('span', { class: 'file-size' }, sizeOf(size)),
  );

/** For a reader, e.g. `1.4 MB`. @param {number} bytes */
const sizeOf = (bytes) => {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const [length, unit] = bytes < 1e6 ? [1000, 'KB'] : [1e6, 'MB'];
  return `${(bytes / length).toFixed(bytes < 10 * length ? 1 : 0)} ${unit}`;
};
