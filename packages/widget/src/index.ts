export { PocketPingError } from './client/errors.js';
export type { Identity, IncomingMessage, Options } from './options.js';
export { PocketPing, PocketPing as default } from './pocketping.js';
export type { Strings } from './strings.js';
