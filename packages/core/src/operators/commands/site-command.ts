import { PocketPingError } from '../../errors.js';
import { type PublicSession, publicSession } from '../../views.js';
import type { Command } from './command.js';

/** A command of the site's own, which the team types like any other. */
export interface SiteCommand {
  /** Without the prefix: a lower-case letter, then lower-case letters, digits and `_`, 32 characters at most. */
  readonly name: string;
  /** One line of at most 100 characters, for `help` and the platform's menu. */
  readonly summary: string;
  /** It makes sense in a conversation only: anywhere else the team is told so, and `run` is not called. */
  readonly inConversation?: boolean;
  /**
   * Called at most once for each time it is typed, on the node that heard it, after that was stored. What it throws is
   * logged, and the operator is told that it failed; one that takes longer than half a minute is told of as well.
   */
  run(call: SiteCommandCall): unknown;
}

export interface SiteCommandCall {
  /** The conversation it was typed in, or null outside of any. */
  readonly session: PublicSession | null;
  /** Who typed it, and on which bridge. */
  readonly operator: { readonly id: string; readonly name: string; readonly bridge: string };
  /** What followed the name, trimmed. */
  readonly args: string;
  /** Tells the operator something where they typed: plain text, cut after 1,500 characters. The visitor never sees it. */
  reply(text: string): Promise<void>;
}

/** @throws PocketPingError `validation_failed` for one that could not work */
export const siteCommands = (
  commands: readonly SiteCommand[],
  taken: readonly { readonly name: string }[],
): Command[] => {
  const names = new Set(taken.map(({ name }) => name));
  return commands.map((command, index) => {
    const problem = problemOf(command, names);
    if (problem) throw new PocketPingError('validation_failed', `commands[${index}]: ${problem}`);
    names.add(command.name);
    return commandOf(command);
  });
};

const problemOf = (command: Partial<SiteCommand>, taken: ReadonlySet<string>): string | undefined => {
  const { name, summary, run } = command;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9_]{0,31}$/.test(name)) {
    return `the name ${JSON.stringify(name)} must be 1 to 32 lower-case letters, digits and _, beginning with a letter.`;
  }
  if (taken.has(name)) return `there is a command ${name} already.`;
  if (
    typeof summary !== 'string' ||
    summary.trim() === '' ||
    summary.length > 100 ||
    /[\r\n]/.test(summary)
  ) {
    return `the summary of ${name} must be one line of 1 to 100 characters.`;
  }
  return typeof run === 'function' ? undefined : `run of ${name} must be a function.`;
};

const commandOf = (command: SiteCommand): Command => ({
  name: command.name,
  summary: command.summary,
  ...(command.inConversation && { needs: 'conversation' as const }),
  run: async ({ session, operator, bridge, args }) => ({
    afterwards: (reply) =>
      command.run({
        session: session && publicSession(session),
        operator: { id: operator.id, name: operator.name, bridge },
        args,
        reply,
      }),
  }),
});
