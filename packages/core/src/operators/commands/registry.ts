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
export const typeable = (bridge: Pick<Bridge, 'gestures' | 'threadless'>): CommandSummary[] =>
  [...commandsOf(bridge), ...(bridge.gestures ?? [])].map(({ name, summary }) => ({ name, summary }));

export const commandNamed = (bridge: Pick<Bridge, 'threadless'>, name: string): Command | undefined =>
  commandsOf(bridge).find((command) => command.name === name);

const commandsOf = ({ threadless }: Pick<Bridge, 'threadless'>): readonly Command[] =>
  threadless ? commands.filter(({ inThread }) => !inThread) : commands;
