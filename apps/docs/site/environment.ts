/** What whoever hosts the site says about it. */
export interface Hosting {
  /** The path it stands under, with a slash at both ends. */
  readonly base: string;
  /** The repository's address, without a slash at its end. */
  readonly repository: string | undefined;
}

/**
 * Reads `BASE` (such as `/docs/`; the root by default) and `REPOSITORY_URL` (such as `https://github.com/acme/pocketping`).
 * @throws Error saying which of them is wrong, and what it has to be
 */
export function hostingFrom(environment: Readonly<Record<string, string | undefined>>): Hosting {
  return {
    base: baseFrom(environment.BASE ?? ''),
    repository: environment.REPOSITORY_URL ? repositoryFrom(environment.REPOSITORY_URL) : undefined,
  };
}

function baseFrom(given: string): string {
  const path = given.replace(/^\/+|\/+$/g, '');
  if (!/^[\w.~/-]*$/.test(path) || path.split('/').some((part) => part === '.' || part === '..'))
    throw new Error(`BASE is "${given}", but has to be the path that the site stands under, such as /docs/.`);
  return path === '' ? '/' : `/${path}/`;
}

function repositoryFrom(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  // It stands on every page.
  if (url?.username || url?.password)
    throw new Error(
      'REPOSITORY_URL has a name or a password in it, which every reader of the site would see.',
    );
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash)
    throw new Error(
      `REPOSITORY_URL is "${given}", but has to be the repository's address in a browser, such as https://github.com/acme/pocketping.`,
    );
  return given.replace(/\/+$|\.git\/*$/g, '');
}
