import type { Bridge, CommandSummary } from '../../ports/index.js';
import { close } from './close.js';
import type { Command } from './command.js';
import { help } from './help.js';
import { offline } from './offline.js';
import { online } from './online.js';
import { status } from './status.js';

/** Every command there is, in the order `help` lists them. */
const commands: readonly Command[] = [online, offline, status, close, help];

/** Everything that can be typed on a bridge: the commands, and what the bridge itself understands. */
export const typeable = ({ gestures = [] }: Pick<Bridge, 'gestures'>): CommandSummary[] =>
  [...commands, ...gestures].map(({ name, summary }) => ({ name, summary }));

const byName = new Map(commands.map((command) => [command.name, command]));

export const commandNamed = (name: string): Command | undefined => byName.get(name);
