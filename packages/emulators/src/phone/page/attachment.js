import { fileAddress } from './connection.js';
import { el, icon } from './dom.js';

/** @typedef {import('./connection.js').PhoneFile} PhoneFile */

/**
 * A file as the conversation shows it: a picture, or a name to save it by.
 * @param {PhoneFile} file
 */
export const attachment = (file) => (file.isPhoto ? picture(file) : saved(file));

/** What stands for a file without words. @param {PhoneFile} file */
export const nameOf = (file) => file.name ?? (file.isPhoto ? 'Photo' : 'File');

/** @param {PhoneFile} file */
const picture = (file) =>
  el(
    'a',
    { class: 'picture', href: fileAddress(file), target: '_blank', 'data-testid': 'phone-picture' },
    el('img', { src: fileAddress(file), alt: 'Photo' }),
  );

/** @param {PhoneFile} file */
const saved = (file) =>
  el(
    'a',
    { class: 'file', href: fileAddress(file), download: nameOf(file), 'data-testid': 'phone-file' },
    el('span', { class: 'file-icon' }, icon('file')),
    el('strong', {}, nameOf(file)),
    el('span', { class: 'file-size' }, sizeOf(file.size)),
  );

/** For a reader, e.g. `1.4 MB`. @param {number} bytes */
const sizeOf = (bytes) => {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const [length, unit] = bytes < 1024 ** 2 ? [1024, 'KB'] : [1024 ** 2, 'MB'];
  return `${(bytes / length).toFixed(bytes < 10 * length ? 1 : 0)} ${unit}`;
};
