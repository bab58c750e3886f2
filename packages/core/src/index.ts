export { isSameSecret } from './access/same-secret.js';
export type { UploadOptions } from './attachments/files.js';
export type { FileProof, OpenFile } from './attachments/open.js';
export type { Announced } from './attachments/upload.js';
export * from './broker/local.js';
export type { EventHandler, MessageHandler, SessionHandler } from './callbacks.js';
export * from './clock.js';
export type * from './conversation/conversation.js';
export { patiently } from './delivery/patiently.js';
export * from './errors.js';
export type { EmitOptions } from './events/emit.js';
export type * from './health.js';
export { isId, newId, randomBytes } from './ids.js';
export { consoleLogger } from './logger.js';
export type { Mirror, Taken } from './mirror/mirror.js';
export type { TeamFrom, TeamNews } from './mirror/team.js';
export type * from './model/index.js';
export type { SiteCommand, SiteCommandCall } from './operators/commands/site-command.js';
export type { OperatorState } from './operators/presence.js';
export { addressedCommand, typedCommand } from './operators/typed-command.js';
export { changesBetween } from './options/changes.js';
export { ENGINE_OPTIONS } from './options/check.js';
export type { PocketPingOptions } from './options/options.js';
export type { StopOptions } from './options/stop.js';
export { unknownOptions } from './options/unknown.js';
export { PocketPing } from './pocketping.js';
export type * from './ports/index.js';
export type { DeadLetter, DeadLetterKey, DeadLetterQuery } from './site/dead-letters.js';
export type { DrainOptions } from './site/drain.js';
export type { SiteMessage } from './site/send-message.js';
export type { MessagesOptions } from './site/sessions.js';
export { LiftedStorage } from './storage/lifted/lift.js';
export type { Storage, StoredMessage, StoredSession } from './storage/lifted/storage.js';
export { MemoryStorage } from './storage/memory.js';
export { MemoryFileStore } from './storage/memory-files.js';
export {
  changedSession,
  createdSession,
  insertedMessages,
  loggedEvents,
  patchedMessage,
} from './storage/outcome.js';
export {
  type CustomEvent,
  type PublicAttachment,
  type PublicMessage,
  type PublicSession,
  senderOf,
} from './views.js';
export { mayBeJson } from './webhook-content.js';
