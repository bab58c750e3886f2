/** Whether a prefix stands for itself alone: no parameter, wildcard or pattern of the router in it. */
export const isLiteral = (prefix: string): boolean => !/[:*(]/.test(prefix);

/**
 * Tells what of a request's target lies below a prefix, from its slash on. The router has matched the two already, so where they are not
 * alike letter by letter it is enough to count segments: a parameter takes one of them, and letters may differ in case.
 */
export function below(prefix: string): (target: string) => string {
  const mount = prefix.replace(/\/+$/, '');
  const depth = mount.split('/').filter((segment) => segment !== '').length;
  return (target) =>
    target.startsWith(mount) && target.charCodeAt(mount.length) === SLASH
      ? target.slice(mount.length)
      : afterSegments(depth, target);
}

const SLASH = 47;

function afterSegments(depth: number, target: string): string {
  // A target may be a whole URL (RFC 9112 §3.2.2).
  let at = target.charCodeAt(0) === SLASH ? 0 : target.indexOf('/', target.indexOf('://') + 3);
  if (at < 0) return '/';
  const mark = target.indexOf('?');
  const end = mark < 0 ? target.length : mark;
  for (let left = depth; left > 0; left--) {
    const next = target.indexOf('/', at + 1);
    if (next < 0 || next > end) return `/${target.slice(end)}`;
    at = next;
  }
  return target.slice(at);
}
