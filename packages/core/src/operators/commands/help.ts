import type { Command, CommandContext } from './command.js';

export const help: Command = {
  name: 'help',
  summary: 'What you can type here',
  run: async (context) => {
    // Whoever says more than its name may have meant it for the visitor.
    const { args, prefix } = context;
    const lost = args === '' ? '' : `That reached no visitor: ${prefix.trim()} begins a command. `;
    return { reply: lost + helpText(context) };
  },
};

type Typeable = Pick<CommandContext, 'commands' | 'prefix' | 'threadless'>;

/** Every command with what it does. */
export const helpText = ({ commands, prefix, threadless }: Typeable): string =>
  [
    threadless
      ? 'Reply to a message of a visitor to answer it. You can also type:'
      : 'Just type to reply to the visitor. Or:',
    ...commands.map(({ name, summary }) => `${prefix}${name}: ${summary}`),
  ].join('\n');
