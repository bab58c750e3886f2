import { Changes } from './changes.js';
import { type Clock, clockFrom } from './clock.js';
import { Faults } from './faults.js';
import { bytesInFolder, bytesInMemory, Files } from './files.js';
import { RateLimiter } from './limits.js';
import type { TelegramEmulatorOptions } from './options.js';
import { load, StateFile } from './persist.js';
import { Poller } from './poller.js';
import { randomFrom } from './random.js';
import { Rooms } from './rooms.js';
import type { ApiDependencies, TelegramCall } from './server.js';
import { type EmulatorState, newState } from './state.js';
import { UpdateQueue } from './updates.js';
import { Webhook } from './webhook.js';
import { webhookFrom } from './webhook-url.js';

/** What an emulator is made of. */
export interface Parts {
  readonly state: EmulatorState;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly updates: UpdateQueue;
  readonly rooms: Rooms;
  readonly faults: Faults;
  readonly limiter: RateLimiter | undefined;
  readonly webhook: Webhook;
  readonly api: ApiDependencies;
  readonly file: StateFile | undefined;
}

/**
 * Puts an emulator together.
 * @param called is told of each call
 * @param closing aborted when the emulator closes
 * @throws Error for options that do not fit, and for a file that holds something else
 */
export function assemble(
  options: TelegramEmulatorOptions,
  called: (call: TelegramCall) => void,
  closing: AbortSignal,
): Parts {
  const { limits, webhookRetryMs: retryMs = 250, webhookFetch = fetch } = options;
  const clock = clockFrom(options.clock);
  const { now } = clock;
  const random = randomFrom(options.seed);
  const state = initialState(options, () => newState(options, random, now()));
  const file = options.file === undefined ? undefined : new StateFile(options.file, () => state);
  const changed = () => file?.changed();
  const changes = new Changes();
  changes.listen(({ type }) => type !== 'call' && changed());
  const updates = new UpdateQueue(state, now, changed);
  const bytes = options.file === undefined ? bytesInMemory() : bytesInFolder(`${options.file}.files`);
  const rooms = new Rooms(state, changes, new Files(state, random, bytes), updates, now, random);
  const poller = new Poller(state, updates, clock);
  const webhook = new Webhook({ state, updates, clock, closing, retryMs, fetch: webhookFetch, changed });
  const faults = new Faults();
  const limiter = limits ? new RateLimiter(limits === true ? {} : limits, now) : undefined;
  const context = { state, rooms, updates, poller, webhook, now };
  const api = { context, faults, limiter, called, written: file?.written, clock, closing };
  changed();
  return { state, clock, changes, updates, rooms, faults, limiter, webhook, api, file };
}

/** What the file holds, unless it belongs to another bot or group than the options name. */
function initialState(options: TelegramEmulatorOptions, fresh: () => EmulatorState): EmulatorState {
  const webhook = webhookFrom(options.webhook);
  const saved = options.file === undefined ? undefined : load(options.file);
  const sameBot = saved && (options.botToken ?? saved.botToken) === saved.botToken;
  const sameChat = saved && Number(options.forumChatId ?? saved.forumChatId) === saved.forumChatId;
  const state = saved && sameBot && sameChat ? saved : fresh();
  if (options.privacy !== undefined) state.privacy = options.privacy;
  if (webhook) state.webhook = webhook;
  return state;
}
