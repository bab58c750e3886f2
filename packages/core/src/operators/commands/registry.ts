import { PocketPingError } from '../../errors.js';
import type { Bridge, CommandSummary } from '../../ports/index.js';
import { block } from './block.js';
import { close } from './close.js';
import type { Command } from './command.js';
import { help } from './help.js';
import { note } from './note.js';
import { offline } from './offline.js';
import { online } from './online.js';
import { read } from './read.js';
import { type SiteCommand, siteCommands } from './site-command.js';
import { status } from './status.js';
import { unblock } from './unblock.js';
import { who } from './who.js';

/** What every engine understands, in the order `help` lists it; a site's own commands stand before `help`. */
const BUILT_IN: readonly Command[] = [online, offline, status, who, note, read, close, block, unblock];

/** Everything the team can ask for. */
export class Commands {
  readonly #all: readonly Command[];
  readonly #own: readonly Command[];

  /** @throws PocketPingError `validation_failed` for a site's command that could not work */
  constructor(own: readonly SiteCommand[]) {
    this.#own = siteCommands(own, [...BUILT_IN, help]);
    this.#all = [...BUILT_IN, ...this.#own, help];
  }

  /** Everything that can be typed on a bridge: the commands, and what the bridge itself understands. */
  typeable(bridge: Pick<Bridge, 'commandPrefix' | 'gestures' | 'threadless'>): CommandSummary[] {
    const commands = this.#of(bridge).map(({ name, summary, example }) => ({
      name,
      summary: example ? `${summary}, e.g. ${bridge.commandPrefix}${name} ${example}` : summary,
    }));
    return [...commands, ...(bridge.gestures ?? []).map(({ name, summary }) => ({ name, summary }))];
  }

  named(bridge: Pick<Bridge, 'threadless'>, name: string): Command | undefined {
    return this.#of(bridge).find((command) => command.name === name);
  }

  /** @throws PocketPingError `validation_failed` where a bridge itself understands what a site's command is named */
  checkGestures({ name, gestures = [] }: Pick<Bridge, 'name' | 'gestures'>): void {
    const taken = gestures.find((gesture) => this.#own.some((command) => command.name === gesture.name));
    if (!taken) return;
    throw new PocketPingError(
      'validation_failed',
      `The command ${taken.name} means something on the bridge ${name} already: give yours another name.`,
    );
  }

  #of({ threadless }: Pick<Bridge, 'threadless'>): readonly Command[] {
    return threadless ? this.#all.filter(({ needs }) => needs !== 'thread') : this.#all;
  }
}
