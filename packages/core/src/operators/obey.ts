import { commitRetrying } from '../conversation/session-of.js';
import type { Engine } from '../engine.js';
import type { InboundCommand } from '../ports/index.js';
import { answerTask } from './answer.js';
import type { Command, CommandContext, CommandOutcome } from './commands/command.js';
import { helpText } from './commands/help.js';
import { commandNamed, typeable } from './commands/registry.js';
import { once, type Source, sessionAt } from './receive.js';

/** An operator asked for something. Nothing of it ever reaches the visitor. */
export const obey = async (engine: Engine, source: Source, inbound: InboundCommand): Promise<void> => {
  const command = commandNamed(source, inbound.name);
  let outcome: CommandOutcome | undefined;
  const committed = await commitRetrying(engine, async () => {
    const context: CommandContext = {
      engine,
      bridge: source.name,
      prefix: source.commandPrefix,
      operator: inbound.operator,
      session: await sessionAt(engine, source, inbound),
      args: inbound.args,
      threadless: source.threadless === true,
      commands: typeable(source),
    };
    outcome = await outcomeOf(command, inbound.name, context);
    return {
      at: engine.clock.now(),
      ...outcome.write,
      tasks: [
        ...(outcome.write?.tasks ?? []),
        ...(outcome.reply === undefined || inbound.implied
          ? []
          : [answerTask(source.name, inbound.ref, outcome.reply)]),
      ],
      dedupe: once(source, inbound.ref, 'command'),
    };
  });
  if (outcome?.presence && committed?.duplicate === false) await engine.presence.changed();
};

const outcomeOf = async (
  command: Command | undefined,
  name: string,
  context: CommandContext,
): Promise<CommandOutcome> => {
  const gesture = context.commands.find((one) => one.name === name);
  if (!command && gesture) return { reply: `${context.prefix}${name}: ${gesture.summary}` };
  if (!command) {
    return {
      reply: `There is no command ${context.prefix}${name}. ${helpText(context)}`,
    };
  }
  if (command.inThread && !context.session) {
    return { reply: `${context.prefix}${command.name} works inside a conversation only.` };
  }
  return command.run(context);
};
