/** A mount as the handlers compare it: a leading slash, none at the end, nothing for the root. */
export function normalMount(path: string): string {
  const bare = path.replace(/\/+$/, '');
  return bare === '' || bare.startsWith('/') ? bare : `/${bare}`;
}

/** What of a request's target lies below a mount, from its slash on; undefined when it lies elsewhere. */
export function below(mount: string, target: string): string | undefined {
  const url = target.charCodeAt(0) === SLASH ? target : originForm(target);
  if (mount === '') return url;
  if (!url.startsWith(mount)) return undefined;
  const rest = url.slice(mount.length);
  if (rest === '') return '/';
  return rest.charCodeAt(0) === SLASH ? rest : rest.startsWith('?') ? `/${rest}` : undefined;
}

const SLASH = 47;

/** A target may be a whole URL (RFC 9112 §3.2.2). */
function originForm(target: string): string {
  const path = target.indexOf('/', target.indexOf('://') + 3);
  return path < 0 ? '/' : target.slice(path);
}
