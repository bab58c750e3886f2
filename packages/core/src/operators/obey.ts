import { commitRetrying } from '../conversation/session-of.js';
import type { Engine } from '../engine.js';
import type { Instant } from '../model/index.js';
import type { InboundCommand } from '../ports/index.js';
import { answerTask } from './answer.js';
import type { Command, CommandContext, CommandOutcome } from './commands/command.js';
import { helpText } from './commands/help.js';
import { COMMAND_VERSION, linkToNothing } from './link-to-nothing.js';
import { LATE_MS, perform } from './perform.js';
import { once, type Source, sessionAt } from './receive.js';

/** An operator asked for something. Nothing of it ever reaches the visitor. */
export const obey = async (engine: Engine, source: Source, inbound: InboundCommand): Promise<void> => {
  const command = engine.commands.named(source, inbound.name);
  let outcome: CommandOutcome | undefined;
  const committed = await commitRetrying(engine, async () => {
    const at = engine.clock.now();
    const context: CommandContext = {
      engine,
      bridge: source.name,
      prefix: source.commandPrefix,
      operator: inbound.operator,
      session: await sessionAt(engine, source, inbound),
      args: inbound.args,
      inbound,
      threadless: source.threadless === true,
      commands: engine.commands.typeable(source),
    };
    outcome = await outcomeOf(command, context);
    const { write, reply, afterwards } = outcome;
    const answer = (text: string, how?: { number?: number; runAt?: Instant }) =>
      answerTask(source.name, inbound.ref, text, how);
    return {
      at,
      ...write,
      tasks: [
        ...(write?.tasks ?? []),
        ...(reply === undefined || inbound.implied ? [] : [answer(reply)]),
        ...(inbound.undeliverable === undefined ? [] : [answer(leftOut(inbound.undeliverable), BESIDE)]),
        // Should the process end meanwhile, nobody else would say anything.
        ...(afterwards
          ? [
              answer(`${typed(context)} has not finished. It may or may not have been done.`, {
                runAt: at + LATE_MS,
              }),
            ]
          : []),
      ],
      // What was first heard as a reply is no command, and what was first heard as a command is no reply.
      links: write?.links ?? [linkToNothing(source, inbound.ref, COMMAND_VERSION)],
      dedupe: once(source, inbound.ref, 'message'),
    };
  });
  if (committed?.duplicate !== false) return;
  if (outcome?.presence) await engine.presence.changed();
  if (outcome?.afterwards) void perform(engine, source, inbound, outcome.afterwards);
};

/** No answer of the command's own takes its place: those count from 1. */
const BESIDE = { number: 0 };

const leftOut = (what: string): string => `${what} cannot be passed on yet: only the words were taken.`;

const outcomeOf = async (command: Command | undefined, context: CommandContext): Promise<CommandOutcome> => {
  const { inbound, commands, session, threadless } = context;
  if (!command) {
    const gesture = commands.find(({ name }) => name === inbound.name);
    return gesture
      ? { reply: `${typed(context)}: ${gesture.summary}` }
      : { reply: `There is no command ${typed(context).replace(/\.+$/, '')}. ${helpText(context)}` };
  }
  if (command.needs && !session) {
    const where = threadless
      ? 'as a reply to a message of the visitor you mean'
      : 'inside a conversation only';
    return { reply: `${typed(context)} works ${where}.` };
  }
  if (command.weighty && inbound.slipped && inbound.args !== '') {
    return {
      reply: `Neither done nor delivered: it is not clear what was meant. The command is ${typed(context)}, with nothing behind it.`,
    };
  }
  return command.run(context);
};

const typed = ({ prefix, inbound }: CommandContext): string => `${prefix}${inbound.name}`;
