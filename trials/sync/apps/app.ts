import type { FaultKind, FaultRule } from '@pocketping/emulators';
import type { CallName, TroubleName } from '../fate.js';
import type { AppName } from '../plan.js';

/** One of the team's apps: what people do in it and see of it, whichever platform it is. Ids are strings. */
export interface App {
  readonly name: AppName;
  /** The group or channel in which all its threads are. */
  readonly chatId: string;
  /** Where a session's team answers now: the newest of its threads that exists. */
  threadOf(sessionId: string): string | undefined;
  /** @returns the message's id */
  type(who: string, thread: string, text: string, replyTo?: string): string;
  /** The same with a file. @returns the message's id */
  send(who: string, thread: string, text: string, file: SentFile, replyTo?: string): string;
  edit(who: string, thread: string, id: string, text: string): void;
  /** Deletes what somebody wrote, so that the visitor does not see it any more either. */
  erase(who: string, thread: string, id: string): void;
  /** @returns the id of the message that gives it */
  command(who: string, thread: string, name: string, args?: string): string;
  /** Whether a message is still there. */
  stands(id: string): boolean;
  /** Somebody's id on the platform. */
  idOf(who: string): string;

  /** The threads that exist, with everything in them. */
  threads(): readonly SeenThread[];
  /** Somebody deletes a thread. */
  lose(thread: string): void;
  /** What people wrote in it goes with it, and the visitor is told so. */
  readonly losesWords: boolean;

  /** The next call of a kind is struck. @returns a function that withdraws it */
  strike(fault: FaultRule, call: CallName): () => void;
  /** The message that is typed now is told of after its edit, for as long as the function is not called. */
  editFirst(): () => void;
  /** What the platform tells, or the line on which it does, is troubled. @returns a function that ends it */
  trouble(name: TroubleName, seed: number): () => void;
  /** The calls of the bridge, oldest first. */
  calls(): readonly SeenCall[];
  /** What the platform may tell again. */
  readonly telling: number;
  /** Messages of whose deletion the platform has given up telling. */
  readonly untoldDeletions: readonly string[];
  /** Whether somebody listens who is told everything from now on. */
  readonly isHeard: boolean;

  /** What the server has to know. */
  readonly settings: object;
  close(): Promise<void>;
}

export interface SentFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface SeenThread {
  readonly id: string;
  readonly sessionId: string | undefined;
  readonly closed: boolean;
  readonly messages: readonly SeenMessage[];
}

export interface SeenMessage {
  readonly id: string;
  readonly byBot: boolean;
  /** Everything that can be read of it. */
  readonly text: string;
  readonly replyTo?: string;
  /** What it shows besides. */
  readonly file?: SeenFile;
}

export interface SeenFile {
  /** Absent where the platform shows none. */
  readonly name?: string | undefined;
  bytes(): Uint8Array | Promise<Uint8Array>;
}

export interface SeenCall {
  readonly call: CallName | 'other';
  readonly thread: string;
  readonly text: string;
  readonly at: number;
  readonly faults: readonly FaultKind[];
  /** It may have worked, and nobody was told so. */
  readonly unheard: boolean;
}
