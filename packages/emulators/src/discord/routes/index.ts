import { methodNotAllowed, notFound } from '../errors.js';
import { channelRoutes } from './channels.js';
import { messageRoutes } from './messages.js';
import type { Route } from './route.js';
import { webhookRoutes } from './webhooks.js';

export interface Found {
  readonly route: Route;
  readonly at: Readonly<Record<string, string>>;
}

/** @throws DiscordApiError if the API has no such route, or not with this method */
export const routeFor = (method: string, path: string): Found => {
  const fitting = table.flatMap(({ route, verb, pattern }) => {
    const match = pattern.exec(path);
    return match ? [{ route, verb, groups: match.groups ?? {} }] : [];
  });
  if (fitting.length === 0) throw notFound();
  const found = fitting.find(({ verb }) => verb === method);
  if (!found) throw methodNotAllowed();
  const at = Object.entries(found.groups).map(([name, value]) => [name, decodeURIComponent(value)]);
  return { route: found.route, at: Object.fromEntries(at) };
};

const table = [...channelRoutes, ...messageRoutes, ...webhookRoutes].map((route) => {
  const [verb = '', path = ''] = route.name.split(' ');
  const pattern = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return { route, verb, pattern: new RegExp(`^${pattern}$`) };
});
