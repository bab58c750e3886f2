import type { Route } from './route.js';

/** The routes of one path, by method. */
export interface Resource {
  readonly methods: Readonly<Partial<Record<string, Route>>>;
  /** What the `Allow` header says. */
  readonly allow: string;
}

export interface Match {
  readonly resource: Resource;
  /** What the path itself says. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** Finds the routes of a path. A table of exact paths, and beside it the few that end in a name. */
export function createRouter(routes: readonly Route[]): (path: string) => Match | undefined {
  const exact = new Map<string, Match>();
  const named: { prefix: string; field: string; resource: Resource }[] = [];
  for (const [path, rows] of groupByPath(routes)) {
    const resource = resourceOf(rows);
    const colon = path.indexOf('/:');
    if (colon < 0) exact.set(path, { resource });
    else named.push({ prefix: path.slice(0, colon + 1), field: path.slice(colon + 2), resource });
  }

  return (path) => {
    const found = exact.get(path);
    if (found) return found;
    const bare = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    if (bare !== path && exact.has(bare)) return exact.get(bare);
    for (const { prefix, field, resource } of named) {
      const value = bare.startsWith(prefix) ? decode(bare.slice(prefix.length)) : undefined;
      if (value) return { resource, fields: { [field]: value } };
    }
    return undefined;
  };
}

function groupByPath(routes: readonly Route[]): Map<string, Route[]> {
  const groups = new Map<string, Route[]>();
  for (const route of routes) groups.set(route.path, [...(groups.get(route.path) ?? []), route]);
  return groups;
}

function resourceOf(rows: readonly Route[]): Resource {
  const methods: Record<string, Route> = Object.create(null);
  for (const row of rows) methods[row.method] = row;
  const allowed = rows.map(({ method }) => method as string);
  if (methods.GET) {
    methods.HEAD = methods.GET;
    allowed.push('HEAD');
  }
  return { methods, allow: [...allowed, 'OPTIONS'].join(', ') };
}

/** One segment, decoded; undefined for several, or for what is no percent-encoding. */
function decode(segment: string): string | undefined {
  if (segment.includes('/')) return undefined;
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
