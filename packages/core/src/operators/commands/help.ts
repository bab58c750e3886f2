import type { CommandSummary } from '../../ports/index.js';
import type { Command } from './command.js';

export const help: Command = {
  name: 'help',
  summary: 'What you can type here',
  run: async ({ commands, prefix }) => ({ reply: helpText(commands, prefix) }),
};

/** Every command with what it does. */
export const helpText = (commands: readonly CommandSummary[], prefix: string): string =>
  [
    'Just type to reply to the visitor. Or:',
    ...commands.map(({ name, summary }) => `${prefix}${name}: ${summary}`),
  ].join('\n');
