import type { UploadOptions } from '../attachments/files.js';
import type { EventHandler, MessageHandler, SessionHandler } from '../callbacks.js';
import type { SiteCommand } from '../operators/commands/site-command.js';
import type { Bridge, Broker, Clock, FileStore, Logger, StoragePort } from '../ports/index.js';
import type { Storage } from '../storage/lifted/storage.js';

export interface PocketPingOptions {
  /**
   * Where conversations live: a whole storage, or one of your own with a few methods. Without one they are kept in memory and
   * end with the process.
   */
  readonly storage?: StoragePort | Storage;
  /** Carries news between nodes; one process needs none. */
  readonly broker?: Broker;
  /** Where the team answers. */
  readonly bridge?: Bridge;
  readonly bridges?: readonly Bridge[];
  /** What a visitor is greeted with. */
  readonly welcomeMessage?: string;
  /** Where files are kept. Without one visitors can send none, and those of the team do not reach them. */
  readonly files?: FileStore;
  readonly uploads?: UploadOptions;
  /**
   * Where the outside world reaches PocketPing, mount included, e.g. `https://www.example.com/pocketping`: for links to files that a
   * messaging app does not take.
   */
  readonly publicUrl?: string;
  /** What the team can type besides what there is. */
  readonly commands?: readonly SiteCommand[];
  /** A session began. */
  readonly onSessionStart?: SessionHandler;
  /** The visitor wrote, or an operator did from a messaging app. Not called for `sendMessage`, nor for private notes. */
  readonly onMessage?: MessageHandler;
  /** Something happened on a visitor's page: called for every custom event, whatever its name. */
  readonly onEvent?: EventHandler;
  /** Names of custom events that are not shown to the team: handlers and the log get them all the same. */
  readonly quietEvents?: readonly string[];
  /** Where the engine says what happened; the console by default. */
  readonly logger?: Logger;
  /** Time; the machine's by default. */
  readonly clock?: Clock;
}
