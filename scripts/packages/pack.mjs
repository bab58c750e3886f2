import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { root } from '../workspace.mjs';
import { output } from './output.mjs';

/**
 * @typedef {object} Packed
 * @property {string} tarball where it lies
 * @property {Map<string, Buffer>} files what npm would publish, by path (`dist/index.js`)
 * @property {Record<string, any>} manifest the package.json inside, with the workspace's versions filled in
 */

/** Packs a workspace as it would be published. @returns {Promise<Packed>} */
export async function pack({ folder }, destination) {
  const text = await output('pnpm', ['pack', '--json', '--pack-destination', destination], {
    cwd: join(root, folder),
  });
  const tarball = JSON.parse(text.slice(text.indexOf('{'))).filename;
  const files = untar(gunzipSync(readFileSync(tarball)));
  return { tarball, files, manifest: JSON.parse(String(files.get('package.json'))) };
}

/** Bytes that a browser loads. */
export const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** The regular files of a tar archive, without the `package/` that npm puts before each name. */
function untar(archive) {
  const files = new Map();
  for (let at = 0; at + 512 <= archive.length; ) {
    const field = (from, length) =>
      String(archive.subarray(at + from, at + from + length)).replace(/\0.*$/s, '');
    const name = field(0, 100);
    if (!name) break;
    const size = Number.parseInt(field(124, 12), 8) || 0;
    const kind = field(156, 1);
    const prefix = field(345, 155);
    const path = (prefix ? `${prefix}/${name}` : name).replace(/^package\//, '');
    if (kind === '0' || kind === '') files.set(path, archive.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
