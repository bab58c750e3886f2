import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A script of the widget, as it is served. */
export interface Script {
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
  readonly etag: string;
}

/** Every script that the widget's package has for pages, by file name: the one to embed, and what that one loads. */
export const widgetScripts = async (): Promise<ReadonlyMap<string, Script>> => {
  const folder = dirname(fileURLToPath(import.meta.resolve('@pocketping/widget/pocketping.js')));
  const names = (await readdir(folder)).filter((name) => /^pocketping[\w-]*\.js$/.test(name));
  return new Map(
    await Promise.all(
      names.map(async (name) => {
        const bytes = await readFile(join(folder, name));
        const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
        return [name, { bytes, gzipped: await promisify(gzip)(bytes), etag: `"${hash}"` }] as const;
      }),
    ),
  );
};
