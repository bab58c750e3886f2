import { existsSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { headings } from '../../../scripts/docs/markdown.mjs';
import { root } from '../../../scripts/workspace.mjs';
import type { SitePage } from './pages.js';

/** Where a link leads, as it is written for whoever reads the file in the repository. */
export type Destination =
  | { readonly kind: 'page'; readonly page: SitePage; readonly anchor: string | undefined }
  /** A file or folder that is no page: a test, a source, the licence. */
  | {
      readonly kind: 'source';
      readonly path: string;
      readonly isFolder: boolean;
      readonly anchor: string | undefined;
    }
  | { readonly kind: 'elsewhere' };

/**
 * Where a link of `source` leads.
 * @throws Error naming the page and the link if there is no such file, or no such heading on the page
 */
export function destination(source: string, href: string, pages: readonly SitePage[]): Destination {
  if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(href)) return { kind: 'elsewhere' };
  const [written = '', anchor] = decoded(source, href).split('#');
  const path = written === '' ? source : posix.join(posix.dirname(source), written).replace(/\/$/, '');
  if (path.startsWith('..') || !existsSync(posix.join(root, path)))
    throw new Error(`${source} links to ${href}, which is not there`);
  const isFolder = statSync(posix.join(root, path)).isDirectory();
  // A repository's host shows a folder’s README below the folder.
  const page = pages.find((one) => one.source === (isFolder ? posix.join(path, 'README.md') : path));
  if (!page) return { kind: 'source', path, isFolder, anchor };
  if (anchor === undefined || (isFolder && anchor === 'readme'))
    return { kind: 'page', page, anchor: undefined };
  if (!headings(page.text).some((heading) => heading.anchor === anchor))
    throw new Error(`${source} links to ${href}, but ${page.source} has no such heading`);
  return { kind: 'page', page, anchor };
}

function decoded(source: string, href: string): string {
  try {
    return decodeURI(href);
  } catch (cause) {
    throw new Error(`${source} links to ${href}, which is no address: a percent sign is written %25`, {
      cause,
    });
  }
}

/**
 * What a link's `href` is on the site, from its base. Undefined: there is nowhere to lead, so it is shown as text.
 * @param repository the repository's address, if it has one
 */
export function hrefOf(to: Destination, href: string, repository: string | undefined): string | undefined {
  if (to.kind === 'elsewhere') return href;
  const anchor = to.anchor === undefined ? '' : `#${to.anchor}`;
  if (to.kind === 'page') return `/${to.page.route}${anchor}`;
  return repository && `${repository}/${to.isFolder ? 'tree' : 'blob'}/HEAD/${encodeURI(to.path)}${anchor}`;
}
