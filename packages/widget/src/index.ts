import { createLoader } from './launcher/loader.js';
import type { PocketPing as Api } from './pocketping.js';

export { PocketPingError } from './client/errors.js';
export type {
  EventHandler,
  Identity,
  IncomingFile,
  IncomingMessage,
  Options,
  PocketPingEvent,
  TrackedElement,
} from './options.js';
export type { Strings } from './strings.js';

type PocketPing = Api;
/** The chat widget of this page; there is one. */
const PocketPing: Api = createLoader(async () => (await import('./chat.js')).PocketPing);

export { PocketPing, PocketPing as default };
