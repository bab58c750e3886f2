/** Whether a prefix stands for itself alone: no parameter, wildcard or pattern of the router in it. */
export const isLiteral = (prefix: string): boolean => !/[:*(]/.test(prefix);

/**
 * What of a request's target lies below a prefix, from its slash on. The router has matched the two already, so it is enough to
 * count segments: a parameter takes one of them, and letters may differ in case.
 */
export function belowPrefix(prefix: string, target: string): string {
  let at = target.startsWith('/') ? 0 : target.indexOf('/', target.indexOf('://') + 3);
  if (at < 0) return '/';
  const end = endOfPath(target);
  for (let left = segments(prefix); left > 0; left--) {
    const next = target.indexOf('/', at + 1);
    if (next < 0 || next > end) return `/${target.slice(end)}`;
    at = next;
  }
  return target.slice(at);
}

const endOfPath = (target: string): number => {
  const mark = target.indexOf('?');
  return mark < 0 ? target.length : mark;
};

const segments = (prefix: string): number => prefix.split('/').filter((segment) => segment !== '').length;
