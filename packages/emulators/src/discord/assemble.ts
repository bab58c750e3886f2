import { StateFileError } from '../state-file-error.js';
import { filesBeside } from '../stored-files.js';
import { type Clock, clockFrom } from '../telegram/clock.js';
import { Faults } from '../telegram/faults.js';
import { StateFile, savedIn } from '../telegram/persist.js';
import { Cdn } from './cdn.js';
import { Gateway } from './gateway.js';
import { Guild } from './guild.js';
import { RateLimiter } from './limits.js';
import { Nonces } from './nonces.js';
import type { DiscordEmulatorOptions } from './options.js';
import { PhoneDesk } from './phone.js';
import type { DiscordCall, RestDependencies } from './rest.js';
import { laterBy } from './snowflake.js';
import { ChannelType, type GuildState, newState } from './state.js';

/** What an emulator is made of. */
export interface DiscordParts {
  readonly state: GuildState;
  readonly guild: Guild;
  readonly gateway: Gateway;
  readonly desk: PhoneDesk;
  readonly rest: RestDependencies;
  readonly file: StateFile | undefined;
}

/** Skipped at each load: a client must never meet an id that it saw before a kill on something else. */
const SKIPPED_MS = 2000;
const SKIPPED_NUMBERS = 1000;

/**
 * Puts an emulator together.
 * @param called is told of each call
 * @param closing aborted when the emulator closes
 * @param gatewayUrl where the gateway is, as it is then
 * @param origin where files are, as it is then
 * @throws Error for a file that holds something else
 */
export function assemble(
  options: DiscordEmulatorOptions,
  called: (call: DiscordCall) => void,
  closing: AbortSignal,
  gatewayUrl: () => string,
  origin: () => string,
): DiscordParts {
  const { limits, flat = false } = options;
  const clock = clockFrom(options.clock);
  const state = initialState(options, clock);
  const file = options.file === undefined ? undefined : new StateFile(options.file, () => state);
  const { botToken } = state;
  const files = filesBeside(options.file);
  const cdn = new Cdn({ files, secret: botToken, clock, origin });
  const guild = new Guild(state, clock, cdn);
  guild.changes.listen(({ type }) => type !== 'call' && file?.changed());
  const desk = new PhoneDesk(guild, state, flat);
  const gateway = new Gateway({ guild, botToken, url: gatewayUrl });
  const limiter = limits ? new RateLimiter(clock, limits === true ? {} : limits) : undefined;
  const context = { guild, nonces: new Nonces(state.nonces, clock) };
  const rest = {
    context,
    botToken,
    faults: new Faults(),
    limiter,
    called,
    written: file?.written,
    clock,
    closing,
  };
  file?.changed();
  return { state, guild, gateway, desk, rest, file };
}

/** What the file holds, unless it belongs to another bot or kind of channel than the options name. */
function initialState(options: DiscordEmulatorOptions, clock: Clock): GuildState {
  const saved = options.file === undefined ? undefined : load(options.file);
  const { botToken, channel } = options;
  const fits =
    saved &&
    (botToken ?? saved.botToken) === saved.botToken &&
    (channel === undefined || saved.channels.get(saved.channelId)?.type === ChannelType[channel]);
  return fits ? saved : newState(options, clock);
}

function load(path: string): GuildState | undefined {
  const saved = savedIn(path);
  if (saved === undefined) return undefined;
  if (!isState(saved)) throw new StateFileError(path, "does not hold a Discord emulator's state");
  saved.lastId = laterBy(SKIPPED_MS, saved.lastId);
  saved.nextNumber += SKIPPED_NUMBERS;
  return saved;
}

const isState = (value: unknown): value is GuildState =>
  typeof value === 'object' &&
  value !== null &&
  'platform' in value &&
  value.platform === 'discord' &&
  'version' in value &&
  value.version === 1;
