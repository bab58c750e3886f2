import type { Engine } from '../../engine.js';
import type { Actor, Session } from '../../model/index.js';
import type { CommandSummary, InboundCommand, Operator, WriteSet } from '../../ports/index.js';

/** What the team can ask for from its messaging app. */
export interface Command extends CommandSummary {
  /** What may follow the name; it is shown behind the summary, as it is typed there. */
  readonly example?: string;
  /**
   * It makes sense in a conversation only, or only in one that has a thread: anywhere else it is answered with that. What
   * needs a thread is not offered where there are none.
   */
  readonly needs?: 'conversation' | 'thread';
  /** It changes what the visitor can do, and nothing that follows its name matters: with a slip and more words it is not done. */
  readonly weighty?: true;
  /** Decides; the engine commits what it answers, and runs it anew if the session has moved on meanwhile. */
  run(context: CommandContext): Promise<CommandOutcome>;
}

export interface CommandContext {
  readonly engine: Engine;
  readonly bridge: string;
  /** What the platform's commands begin with. */
  readonly prefix: string;
  readonly operator: Operator;
  /** The session of the thread it was typed in, or of the message it answers; null outside of any. */
  readonly session: Session | null;
  readonly args: string;
  /** As it came. */
  readonly inbound: InboundCommand;
  /** Conversations stand side by side there; see `Bridge.threadless`. */
  readonly threadless: boolean;
  /** Everything that can be typed there. */
  readonly commands: readonly CommandSummary[];
}

export interface CommandOutcome {
  /** What the operator is told; absent where the thread itself will show what happened. */
  readonly reply?: string;
  /** What changes, in the same commit as the reply. */
  readonly write?: Omit<WriteSet, 'at' | 'dedupe'>;
  /** Somebody's availability changed. */
  readonly presence?: boolean;
  /** What is done once the commit has taken the command, at most once; it answers by itself. */
  readonly afterwards?: (reply: (text: string) => Promise<void>) => unknown;
}

/** The operator who gave a command, as the log names them. */
export const commander = ({ operator, bridge }: CommandContext): Actor => ({
  kind: 'operator',
  id: operator.id,
  name: operator.name,
  via: bridge,
});

/** For a command that needs a conversation: the engine has made sure that there is one. */
export const sessionIn = ({ session }: CommandContext): Session => {
  if (!session) throw new Error('This command runs inside a conversation only');
  return session;
};
