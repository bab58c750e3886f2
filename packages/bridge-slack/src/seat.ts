import type { Bridge, BridgeHost, Call, MessageRef } from '@pocketping/core';

/** One way of being in Slack, behind the bridge. */
export interface Seat extends Pick<Bridge, 'open' | 'render' | 'post'> {
  /** What people type after an `@` to reach the bot. */
  readonly botName: string;
  /** What it can besides posting. */
  readonly capabilities: Capabilities;
  /** Resolves when it is known to work. Nothing is heard any more once the signal is aborted and `end` has resolved. */
  begin(host: BridgeHost, signal: AbortSignal): Promise<void>;
  end(): Promise<void>;
  answer(to: MessageRef, text: string, call: Call): Promise<void>;
}

export type Capabilities = Pick<
  Bridge,
  | 'access'
  | 'threadless'
  | 'editing'
  | 'closing'
  | 'titles'
  | 'receipts'
  | 'reconcile'
  | 'catchUp'
  | 'files'
  | 'webhook'
>;
