import type { SessionId } from '@pocketping/protocol';
import type { TokenCache } from './access/token-cache.js';
import type { Files } from './attachments/files.js';
import type { Feed } from './log/feed.js';
import type { Hub } from './log/hub.js';
import type { Log } from './log/log.js';
import type { NewTask } from './model/index.js';
import type { Commands } from './operators/commands/registry.js';
import type { Presence } from './operators/presence.js';
import type { Clock, Logger, StoragePort } from './ports/index.js';

/** What every use case works with. */
export interface Engine {
  readonly storage: StoragePort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly log: Log;
  readonly hub: Hub;
  /** Tells who follows the log of the whole project. */
  readonly feed: Feed;
  readonly tokens: TokenCache;
  readonly presence: Presence;
  /** What the team can ask for. */
  readonly commands: Commands;
  readonly welcomeMessage: string | undefined;
  /** Where files are; undefined where none are taken. */
  readonly files: Files | undefined;
  /** The names of all bridges; those added later included. */
  readonly bridges: readonly string[];
  /** What commands begin with on each of them. */
  readonly commandPrefixes: readonly string[];
  /** The names of those among them that can show how far a message has come. */
  readonly receiptBridges: readonly string[];
  /** The names of custom events that are not shown to the team. */
  readonly quietEvents: ReadonlySet<string>;
  /** Shows on the platforms that the visitor types, where that is possible right now. */
  readonly showTyping: (sessionId: SessionId) => void;
}

/** The queue of what a bridge has to do. */
export const bridgeQueue = (bridge: string): string => `bridge/${bridge}`;

/** "Bring this session's thread up to the log", for every bridge but the one where the effect is visible already. */
export const deliverTasks = (engine: Engine, sessionId: SessionId, origin?: string): NewTask[] => {
  const tasks: NewTask[] = [];
  for (const bridge of engine.bridges) if (bridge !== origin) tasks.push(deliverTask(bridge, sessionId));
  return tasks;
};

/** The same for one bridge. */
export const deliverTask = (bridge: string, sessionId: SessionId): NewTask => ({
  queue: bridgeQueue(bridge),
  key: `deliver/${sessionId}`,
  kind: 'deliver',
  sessionId,
});

/** The queue of the receipts that a bridge has to show. They have one of their own, so that no post waits for them. */
export const receiptQueue = (bridge: string): string => `receipts/${bridge}`;

/** "Show how far the visitor has come in this session." */
export const receiptTask = (bridge: string, sessionId: SessionId): NewTask => ({
  queue: receiptQueue(bridge),
  key: `receipt/${sessionId}`,
  kind: 'receipt',
  sessionId,
});
