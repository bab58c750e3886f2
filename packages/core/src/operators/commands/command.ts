import type { Engine } from '../../engine.js';
import type { Session } from '../../model/index.js';
import type { CommandSummary, Operator, WriteSet } from '../../ports/index.js';

/** What the team can ask for from its messaging app. */
export interface Command extends CommandSummary {
  /** It needs a conversation that has a thread: anywhere else it is answered with that. */
  readonly inThread?: boolean;
  /** Decides; the engine commits what it answers, and runs it anew if the session has moved on meanwhile. */
  run(context: CommandContext): Promise<CommandOutcome>;
}

export interface CommandContext {
  readonly engine: Engine;
  readonly bridge: string;
  /** What the platform's commands begin with. */
  readonly prefix: string;
  readonly operator: Operator;
  /** The session of the thread it was typed in; null outside of any. */
  readonly session: Session | null;
  readonly args: string;
  /** Conversations stand side by side there; see `Bridge.threadless`. */
  readonly threadless: boolean;
  /** Everything that can be typed there. */
  readonly commands: readonly CommandSummary[];
}

export interface CommandOutcome {
  /** What the operator is told; absent where the thread itself will show what happened. */
  readonly reply?: string;
  /** What changes, in the same commit as the reply. */
  readonly write?: Pick<WriteSet, 'session' | 'events' | 'tasks' | 'state' | 'expect'>;
  /** Somebody's availability changed. */
  readonly presence?: boolean;
}
