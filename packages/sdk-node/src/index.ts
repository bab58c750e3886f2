export { DiskFileStore, type DiskFileStoreOptions } from '@pocketping/adapter-express';
export { type NextHandler, type NextHandlerOptions, shared } from '@pocketping/adapter-next';
export { RemoteBridge, type RemoteBridgeOptions } from '@pocketping/bridge-remote';
export {
  type Bridge,
  BridgeError,
  type CustomEvent,
  type DeadLetter,
  type EmitOptions,
  type EventHandler,
  type FileStore,
  type Health,
  type Logger,
  MemoryStorage,
  type MessageHandler,
  PocketPingError,
  type PublicAttachment as Attachment,
  type PublicMessage as Message,
  type PublicSession as Session,
  type SessionHandler,
  type SiteCommand,
  type SiteMessage,
  type Storage,
  type StoragePort,
  type StoredMessage,
  type StoredSession,
} from '@pocketping/core';
export type { PocketPingConfig, ServingOptions } from './config.js';
export { PocketPing } from './pocketping.js';
