import type { Engine } from '../engine.js';
import type { InboundCommand } from '../ports/index.js';
import { answerKey, answerTask } from './answer.js';
import type { CommandOutcome } from './commands/command.js';
import type { Source } from './receive.js';

/** After this many milliseconds an operator is told that a command has not finished. */
export const LATE_MS = 30_000;

/** Does what a command wants done after its commit. Its first answer takes the place of the one that waits. Never rejects. */
export const perform = async (
  engine: Engine,
  source: Source,
  { name, ref }: InboundCommand,
  run: NonNullable<CommandOutcome['afterwards']>,
): Promise<void> => {
  const { log, clock, logger } = engine;
  let answers = 0;
  const reply = async (text: unknown) => {
    if (typeof text !== 'string' || text.trim() === '')
      throw new Error(`The command ${name} replied nothing that can be read`);
    const number = ++answers;
    await log.commit({ at: clock.now(), tasks: [answerTask(source.name, ref, text, { number })] });
  };
  try {
    try {
      await run(reply);
    } catch (err) {
      logger.error({ err, bridge: source.name, command: name }, `the command ${name} failed`);
      await reply(`${source.commandPrefix}${name} failed. The log of the site says why.`);
    }
    if (answers === 0) await log.commit({ at: clock.now(), cancel: [answerKey(source.name, ref)] });
  } catch (err) {
    logger.warn({ err, bridge: source.name, command: name }, 'a command could not be answered');
  }
};
