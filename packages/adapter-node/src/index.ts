export type { Engine } from '@pocketping/http';
export { DiskFileStore, type DiskFileStoreOptions } from './files/disk-file-store.js';
export { createHandler, HANDLER_OPTIONS, type Handler, type HandlerOptions } from './handler.js';
