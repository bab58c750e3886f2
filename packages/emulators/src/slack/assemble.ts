import { StateFileError } from '../state-file-error.js';
import { filesBeside } from '../stored-files.js';
import { type Clock, clockFrom } from '../telegram/clock.js';
import { Faults } from '../telegram/faults.js';
import { StateFile, savedIn } from '../telegram/persist.js';
import { randomFrom } from '../telegram/random.js';
import { Changes } from './changes.js';
import { Deliveries } from './deliveries.js';
import { Files } from './files.js';
import type { SlackEmulatorOptions } from './options.js';
import { pushes } from './push.js';
import type { ApiDependencies, SlackCall } from './server.js';
import { SocketMode } from './socket-mode.js';
import { newState, type WorkspaceState } from './state.js';
import { Workspace } from './workspace.js';

/** What an emulator is made of. */
export interface SlackParts {
  readonly state: WorkspaceState;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly workspace: Workspace;
  readonly deliveries: Deliveries;
  readonly sockets: SocketMode;
  readonly faults: Faults;
  readonly api: ApiDependencies;
  readonly file: StateFile | undefined;
}

/** @see https://docs.slack.dev/apis/events-api#retries */
const DOCUMENTED_RETRIES_MS: readonly number[] = [50, 60_000, 300_000];

/** Seconds skipped at each load: a client must never meet a `ts` that it saw before a kill on something else. */
const SKIPPED_SECONDS = 2;

/**
 * Puts an emulator together.
 * @param requestUrl where events are posted to, as it is then
 * @throws Error for a file that holds something else
 */
export function assemble(
  options: SlackEmulatorOptions,
  called: (call: SlackCall) => void,
  closing: AbortSignal,
  origin: () => string,
  requestUrl: () => string | undefined,
): SlackParts {
  const {
    eventRetriesMs: retriesMs = DOCUMENTED_RETRIES_MS,
    freshEventIds: freshIds = true,
    eventFetch = fetch,
  } = options;
  const clock = clockFrom(options.clock);
  const state = initialState(options, clock.now());
  const file = options.file === undefined ? undefined : new StateFile(options.file, () => state);
  const changes = new Changes();
  changes.listen(({ type }) => type !== 'call' && file?.changed());
  const sockets = new SocketMode(state, clock, closing);
  const transport = () => {
    const url = requestUrl();
    return url === undefined ? sockets : pushes({ url, state, clock, fetch: eventFetch, closing });
  };
  const deliveries = new Deliveries({ state, clock, retriesMs, freshIds, closing, transport });
  const bytes = filesBeside(options.file);
  const files = new Files({ state, bytes, clock, shareMs: options.fileShareMs ?? 0, closing, origin });
  const workspace = new Workspace(state, changes, clock.now, (event) => deliveries.emit(event), files);
  const faults = new Faults();
  const context = { state, workspace, files, connectionUrl: () => sockets.newUrl(origin()) };
  const api = { context, faults, called, written: file?.written, clock, closing };
  file?.changed();
  return { state, clock, changes, workspace, deliveries, sockets, faults, api, file };
}

/** What the file holds, unless it belongs to another bot or channel than the options name. */
function initialState(options: SlackEmulatorOptions, nowMs: number): WorkspaceState {
  const saved = options.file === undefined ? undefined : load(options.file);
  const { botToken, channelId } = options;
  const fits =
    saved &&
    (botToken ?? saved.secrets.botToken) === saved.secrets.botToken &&
    (channelId ?? saved.channelId) === saved.channelId;
  return fits ? saved : newState(options, randomFrom(options.seed), nowMs);
}

function load(path: string): WorkspaceState | undefined {
  const saved = savedIn(path);
  if (saved === undefined) return undefined;
  if (!isState(saved)) throw new StateFileError(path, "does not hold a Slack emulator's state");
  saved.newestMicros += SKIPPED_SECONDS * 1_000_000;
  saved.nextId += 1000;
  // What was written before there were any has none.
  return saved.files ? saved : { ...saved, files: new Map() };
}

const isState = (value: unknown): value is WorkspaceState =>
  typeof value === 'object' &&
  value !== null &&
  'platform' in value &&
  value.platform === 'slack' &&
  'version' in value &&
  value.version === 1;
